"""The public checker of CF and ACDD, as a function."""

import warnings

from compliance_checker.runner import CheckSuite


def failed(value):
    return value[0] < value[1] if isinstance(value, tuple) else not value


def checked(path, checker):
    """Every failed check: (priority, what it is about, messages)."""
    suite = CheckSuite()
    suite.load_all_available_checkers()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the checker, not of ours
        scores = suite.run_all(suite.load_dataset(str(path)), [checker], [])
    groups, errors = scores[checker]
    assert not errors
    out = []

    def walk(results):
        for result in results:
            if result.children:
                walk(result.children)
            elif failed(result.value):
                out.append((result.weight, result.name, result.msgs))

    walk(groups)
    return out
