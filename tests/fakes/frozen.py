"""Settings that nobody can change in place: what is read of a shop's settings is kept as long as the shop is (knowledge/shop_settings.py)."""

from typing import Any, NoReturn


def _refuse(self: object, *args: object, **how: object) -> NoReturn:
    raise AssertionError("settings are changed in place: make another Shop")


class _Dict(dict[str, Any]):
    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse


class _List(list[Any]):
    __setitem__ = __delitem__ = __iadd__ = __imul__ = append = clear = extend = insert = pop = remove = reverse = sort = _refuse


def frozen(value: Any) -> Any:
    """The same plain value, equal to it and of the same kinds, that raises wherever it is changed."""
    if isinstance(value, dict):
        return _Dict((name, frozen(held)) for name, held in value.items())
    return _List(map(frozen, value)) if isinstance(value, list) else value
