"""What verdicts mean for whoever wrote the rules: diagnostics with a visitor, a reason and rules to copy.

In: a `Program` and its verdicts. Out: a `Report`. Whatever is offered has been proved to change what it should.
"""
