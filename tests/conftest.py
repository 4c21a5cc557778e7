"""What all tests share: how hard hypothesis looks (HYPOTHESIS_PROFILE), where its shared strategies are found, and the
page of what the oracles compared."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent / "laws"))  # test rooms other than laws/ use its strategies too
sys.path.insert(0, str(Path(__file__).parent / "oracle"))
from oracle_page import pytest_configure as pytest_configure
from oracle_page import pytest_terminal_summary as pytest_terminal_summary

_SLOW_TO_MAKE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile(
    "ci", max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW_TO_MAKE
)
settings.register_profile(
    "thorough", max_examples=2_000, deadline=None, print_blob=True, suppress_health_check=_SLOW_TO_MAKE
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
