"""What can go wrong in the categorizer, as one error.

Here belongs the error that callers catch. What a caller does about it (keep lines in
suspense, retry, tell somebody) does not: that is orchestration's business.
"""


class CategorizerError(Exception):
    """The categorizer cannot do what was asked; the message says what to do."""
