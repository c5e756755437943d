"""Shoe sizes by the standards, for shops that give no chart of their own: close, never a maker's own table.

Every system counts the length of the foot (Mondopoint, ISO 9407: mm; GB/T 3293 names Chinese sizes so). Paris points are two thirds of a
centimetre, the last 4/3 cm longer than the foot (ISO/TS 19407:2015). The English barleycorn is a third of an inch: 3 x last - 25 with a last
half an inch longer than the foot, which gives the pairs that are commonly printed (EU 42, UK 8, US men 9); American sizes are one more for
men, two and a half for women.
"""

MONDOPOINT = "ISO/TS 19407, ISO 9407, GB/T 3293"
_INCH = 25.4
_UK, _US_MEN, _US_WOMEN = 23.5, 22.5, 21.0
_FEET = (100.0, 330.0)
"""Lengths of feet in mm."""


def foot_of(system: str, audience: str, size: float) -> float | None:
    """The foot in mm that a size of an adult is for; None for a system that we do not know or a size that no foot has."""
    offset = {"uk": _UK, "us": _US_WOMEN if audience == "women" else _US_MEN}.get(system)
    if system == "eu":
        foot = (size - 2.0) / 0.15
    elif system in ("mm", "jp"):
        foot = size if size > _FEET[0] else size * 10
    elif offset is not None:
        foot = (size + offset) / 3 * _INCH
    else:
        return None
    return foot if _FEET[0] <= foot <= _FEET[1] else None


def size_of(system: str, audience: str, foot: float) -> str:
    """What a foot of so many mm takes: whole EU sizes, halves of US and UK ones, Chinese ones in steps of 5 mm; "" for unknown systems."""
    match system:
        case "eu":
            return str(round(foot * 0.15 + 2.0))
        case "mm":
            return str(round(foot / 5) * 5)
        case "jp":
            return _half(foot / 10)
        case "uk":
            return _half(foot / _INCH * 3 - _UK)
        case "us":
            return _half(foot / _INCH * 3 - (_US_WOMEN if audience == "women" else _US_MEN))
        case _:
            return ""


def _half(size: float) -> str:
    return f"{round(size * 2) / 2:g}"
