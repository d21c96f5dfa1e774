"""The exceptions of the package."""


class Error(Exception):
    """Something could not be done; the message says what, where, and what to do."""


class OptionError(Error, ValueError):
    """An argument is wrong."""
