"""What a person is asked: a secret, consent to a removal.

Here belongs: stdin, the environment, a prompt, in this order. Not here: where a
secret is kept (connections.py), whether BILL takes it (bill_source).
"""

import sys

import typer

from orchestration.failures import UsageError
from orchestration.settings import secret_in_environment


def token_password(*, from_stdin: bool) -> str:
    """Return the sync token's password.

    Raises:
        UsageError: There is none.
    """
    otherwise = "--token-password-stdin or BILL_TOKEN_PASSWORD"
    return _secret(
        "Sync token password", "BILL_TOKEN_PASSWORD", otherwise, from_stdin=from_stdin
    )


def dev_key(given: str | None) -> str:
    """Return the developer key.

    Raises:
        UsageError: There is none.
    """
    return (
        given
        or secret_in_environment("BILL_DEV_KEY")
        or _asked("Developer key", "--dev-key or BILL_DEV_KEY")
    )


def spend_token(known: str, *, from_stdin: bool) -> str:
    """Return Spend & Expense's token; the known one stays unless a new one is given.

    Raises:
        UsageError: There is none.
    """
    if known and not from_stdin and not secret_in_environment("BILL_SPEND_TOKEN"):
        return known
    otherwise = "--spend-token-stdin or BILL_SPEND_TOKEN"
    return _secret(
        "Spend & Expense token", "BILL_SPEND_TOKEN", otherwise, from_stdin=from_stdin
    )


def webhook_key() -> str:
    """Return the security key of a webhook: typed unseen, or a line of stdin.

    Raises:
        UsageError: There is none.
    """
    return _typed_or_line("Webhook security key")


def app_password() -> str:
    """Return the review app's new password: typed unseen twice, or a line of stdin.

    Raises:
        UsageError: There is none.
    """
    return _typed_or_line("Password of the app", is_new=True)


def consent(question: str) -> None:
    """Go on only if a person says yes.

    Raises:
        UsageError: They did not, or nobody is there to ask.
    """
    if not sys.stdin.isatty():
        raise UsageError("Nothing was removed. Add --yes to remove it.")
    if not typer.confirm(question):
        raise UsageError("Nothing was removed.")


def _secret(what: str, variable: str, otherwise: str, *, from_stdin: bool) -> str:
    """Return a secret: the next line of stdin, the variable's, or what is typed."""
    if from_stdin:
        secret = sys.stdin.readline().rstrip("\r\n")
    else:
        secret = secret_in_environment(variable) or _asked(what, otherwise)
    if not secret:
        raise UsageError(f"{what}: it is empty; nothing was stored.")
    return secret


def _typed_or_line(what: str, *, is_new: bool = False) -> str:
    if sys.stdin.isatty():
        typed = typer.prompt(what, hide_input=True, confirmation_prompt=is_new)
        secret = str(typed)
    else:
        secret = sys.stdin.readline().rstrip("\r\n")
    if not secret:
        raise UsageError(f"{what}: it is empty; nothing was stored.")
    return secret


def _asked(what: str, otherwise: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(f"{what} is missing, and there is no terminal: {otherwise}.")
    return str(typer.prompt(what, hide_input=True))
