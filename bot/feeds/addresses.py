"""Which network addresses a feed may be fetched from. A merchant types the URL, so the server must not be talked into reading its own network.

Public addresses alone, in every notation that reaches the same host: IPv4 inside IPv6 is judged as what it leads to. The setting
FEED_NETWORKS adds networks of one's own; link-local addresses (there clouds keep the keys of a machine) are never fetched from.
"""

import ipaddress
from collections.abc import Iterable, Sequence

from bot.errors import SettingsError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "169.254.0.0/16",
        "fe80::/10",
        "fd00:ec2::/32",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "0.0.0.0/8",
        "::/128",
        "224.0.0.0/4",
        "ff00::/8",
        "240.0.0.0/4",
    )
)
"""Link-local, the metadata services of the large clouds, unspecified, multicast, reserved and broadcast."""
_TRANSLATED = tuple(ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
"""IPv6 whose last 32 bits are an IPv4 address: NAT64 (RFC 6052, 8215) and the old IPv4-compatible form."""


def networks_of(text: str) -> tuple[Network, ...]:
    """Networks out of the setting: "10.0.0.0/8, fd12::/16". Raises SettingsError."""
    try:
        return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise SettingsError(
            f"ZHANGGUI_FEED_NETWORKS is not usable: {error}. Write networks such as 10.0.0.0/8, parted by commas."
        ) from error


def is_allowed(text: str, own: Sequence[Network] = ()) -> bool:
    """Whether a feed may be fetched from this address (as the resolver gave it); `own`: networks allowed beside the public ones."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(_allowed(one, own) for one in (address, *_inside(address)))


def _allowed(address: Address, own: Sequence[Network]) -> bool:
    if _within(address, _NEVER):
        return False
    if _within(address, own):
        return True
    # What carries an IPv4 address inside is judged by that one as well.
    carries = isinstance(address, ipaddress.IPv6Address) and bool(list(_inside(address)))
    return carries or (address.is_global and not address.is_multicast and not address.is_reserved)


def _inside(address: Address) -> Iterable[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 address leads to."""
    if not isinstance(address, ipaddress.IPv6Address) or int(address) < 2:
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if _within(address, _TRANSLATED):
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
