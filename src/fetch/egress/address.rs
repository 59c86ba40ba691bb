//! Addresses that are not the public internet (IANA special-purpose registries, RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Egress;

/// What kind of address it is, when the policy does not let us connect to it.
pub fn forbidden(policy: Egress, address: IpAddr) -> Option<&'static str> {
    let kind = match address {
        IpAddr::V4(v4) => special_v4(v4),
        IpAddr::V6(v6) => special_v6(v6),
    };
    match (policy, kind) {
        (Egress::Public, kind) => kind,
        (Egress::LoopbackForDemo, Some("a loopback address")) => None,
        (Egress::LoopbackForDemo, _) => Some("not on this machine, and only loopback is permitted here"),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, d] = address.octets();
    let kind = match (a, b, c, d) {
        (127, ..) => "a loopback address",
        (0, ..) => "an address of this network",
        (10, ..) | (172, 16..=31, ..) | (192, 168, ..) => "a private address",
        (100, 64..=127, ..) => "a shared address behind a carrier's NAT",
        (169, 254, ..) => "a link-local or metadata address",
        // wire server and metadata of one large cloud, outside all special ranges
        (168, 63, 129, 16) => "a metadata address",
        (192, 0, 2, _) | (198, 51, 100, _) | (203, 0, 113, _) => "a documentation address",
        (192, 0, 0, _) | (192, 88, 99, _) => "a protocol assignment address",
        (198, 18..=19, ..) => "a benchmarking address",
        (224..=239, ..) => "a multicast address",
        (240..=255, ..) => "a reserved or broadcast address",
        _ => return None,
    };
    Some(kind)
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    // forms that carry an IPv4 address are judged by it: mapped, compatible, NAT64, 6to4
    let segments = address.segments();
    let low = || {
        let [.., a, b, c, d] = address.octets();
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0] => return Some("the unspecified address"),
        [0, 0, 0, 0, 0, 0, 0, 1] => return Some("a loopback address"),
        [0, 0, 0, 0, 0, 0xffff, ..] => return special_v4(low()),
        [0, 0, 0, 0, 0, 0, ..] => return Some("an IPv4-compatible address"),
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => return special_v4(low()).map(|_| "a translated address that is not public"),
        [0x2002, high, low, ..] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            return special_v4(Ipv4Addr::new(a, b, c, d)).map(|_| "a 6to4 address that is not public");
        }
        _ => {}
    }
    let kind = match (segments[0], segments[1]) {
        (0xfc00..=0xfdff, _) => "a private address",
        (0xfe80..=0xfebf, _) => "a link-local address",
        (0xfec0..=0xfeff, _) => "a site-local address",
        (0xff00..=0xffff, _) => "a multicast address",
        (0x2001, 0x0db8) | (0x3fff, 0..=0x0fff) => "a documentation address",
        (0x2001, 0..=0x01ff) => "a protocol assignment address",
        // only 2000::/3 is handed out as global unicast
        (0x2000..=0x3fff, _) => return None,
        _ => "a reserved address",
    };
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_addresses_are_forbidden_and_public_ones_not() {
        let bad = "127.0.0.1 127.255.255.254 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.1 100.127.255.255 \
            169.254.169.254 168.63.129.16 192.0.2.1 198.51.100.1 203.0.113.9 192.0.0.1 198.18.0.1 198.19.255.255 224.0.0.1 239.1.1.1 \
            240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: \
            2002:a9fe:a9fe:: fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 2001:db8::1 2001::1 100::1 3fff::1 4000::1";
        for text in bad.split_whitespace() {
            let address: IpAddr = text.parse().expect("an address");
            assert!(forbidden(Egress::Public, address).is_some(), "{text}");
        }
        let good = "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 169.253.1.1 192.167.1.1 198.17.1.1 223.255.255.1 \
            151.101.0.144 ::ffff:1.1.1.1 64:ff9b::101:101 2a04:4e42::144 2606:4700::1111 2002:101:101::";
        for text in good.split_whitespace() {
            let address: IpAddr = text.parse().expect("an address");
            assert_eq!(forbidden(Egress::Public, address), None, "{text}");
        }
    }

    #[test]
    fn loopback_only_means_loopback_only() {
        for (text, open) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("0.0.0.0", false),
            ("10.0.0.1", false),
            ("1.1.1.1", false),
            ("2a04:4e42::144", false),
        ] {
            let address: IpAddr = text.parse().expect("an address");
            assert_eq!(forbidden(Egress::LoopbackForDemo, address).is_none(), open, "{text}");
        }
    }
}
