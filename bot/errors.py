"""The error tree of the bot. Expected refusals carry an HTTP status and are never a 500; the message is a sentence for people.

ZhangguiError
├── SettingsError          a setting that stops the start
├── NotFound          404   missing, and also forbidden where the two must look the same
├── NotAllowed        403
├── SignInRequired    401
├── Conflict          409   somebody else was faster (another holder, another version)
├── PreconditionFailed 412  the thing is not as the asker saw it
├── InvalidInput      422   says which field and what is expected
├── TooLarge          413
├── TooManyRequests   429   carries retry_after in seconds
└── Unavailable       503   a part we need does not answer
    └── OverBudget          a language model that the shop has no budget left for
"""


class ZhangguiError(Exception):
    """Base. `status`: the HTTP status at the web doors."""

    status = 400

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class SettingsError(ZhangguiError):
    """A setting with a wrong value; the sentence names it and what is allowed."""


class NotFound(ZhangguiError):
    """No such thing, or none that the asker may know of."""

    status = 404


class NotAllowed(ZhangguiError):
    """Signed in, but without the right."""

    status = 403


class SignInRequired(ZhangguiError):
    """No valid session or token."""

    status = 401


class Conflict(ZhangguiError):
    """The state has moved on."""

    status = 409


class PreconditionFailed(ZhangguiError):
    """It was changed since the asker read it."""

    status = 412


class InvalidInput(ZhangguiError):
    """Input of the wrong form."""

    status = 422


class TooLarge(ZhangguiError):
    """A body over its limit."""

    status = 413


class TooManyRequests(ZhangguiError):
    """Over a limit; `retry_after` in seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int, **details: object) -> None:
        super().__init__(message, retry_after=retry_after, **details)
        self.retry_after = retry_after


class Unavailable(ZhangguiError):
    """A part we need does not answer."""

    status = 503


class OverBudget(Unavailable):
    """The shop's budget does not allow a call to the language model; `period` (day or month) tells whose cap it is."""
