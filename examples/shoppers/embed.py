"""Answers for one visitor, as a web server would."""

from pathlib import Path

import segdsl

rules = segdsl.load(Path(__file__).with_name("shoppers.seg"))
visitor = {"VisitorType": "New_Visitor", "PageValues": 12.5, "ProductRelated": 31}
chosen = rules.assign(visitor)
print(chosen, dict(rules.segments[chosen].payload) if chosen else {})
