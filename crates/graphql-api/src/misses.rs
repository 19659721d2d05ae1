//! Who asks after what there is not, again and again: that is how one looks for codes, and it is made slow.
//! Who asks after a code that there is asks as often as they like, whoever else asks from the same address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use ipnet::IpNet;
use poem::Request;

/// So many in [`WITHIN`], by one address.
const AT_MOST: u32 = 20;
const WITHIN: TimeDelta = TimeDelta::minutes(1);
/// How many addresses are known at a time.
const ADDRESSES: usize = 10_000;

/// Those who asked in vain of late: of pages and of the graph together.
#[derive(Debug, Default)]
pub struct Misses {
    known: Mutex<HashMap<IpAddr, Counted>>,
    /// Who passes requests on, and says truly for whom.
    proxies: Vec<IpNet>,
}

#[derive(Debug, Clone, Copy)]
struct Counted {
    since: DateTime<Utc>,
    misses: u32,
}

impl Counted {
    fn is_over(self, now: DateTime<Utc>) -> bool {
        now - self.since >= WITHIN
    }
}

impl Misses {
    /// Where proxies stand before the program, whose word on who asks is believed (`X-Forwarded-For`).
    pub fn behind(proxies: Vec<IpNet>) -> Self {
        Self {
            proxies: proxies.into_iter().map(canonical).collect(),
            ..Self::default()
        }
    }

    /// The address that a request comes from: of IPv6 the net that a household has (RFC 6177), for each has
    /// addresses without number. Whoever has none of the internet is one and the same.
    ///
    /// Each proxy puts whom it has the request from behind what was there before, so it is read from the end,
    /// as far as those who wrote it are known: anybody may write anything before that.
    pub(crate) fn address(&self, request: &Request) -> IpAddr {
        let nearest = request.remote_addr().as_socket_addr().map(SocketAddr::ip);
        let Some(mut address) = nearest.map(|address| address.to_canonical()) else {
            return IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        };
        let lines = request.headers().get_all("x-forwarded-for");
        // What cannot be read is where the trail ends.
        let read = lines.iter().map(|line| line.to_str().unwrap_or_default());
        let said: Vec<_> = read.collect();
        let mut said = said.iter().flat_map(|line| line.split(',')).rev();
        while self.proxies.iter().any(|net| net.contains(&address)) {
            match said.next().and_then(of_text) {
                Some(before) => address = before,
                None => break,
            }
        }
        household(address)
    }

    /// For how many seconds an address is not to ask; nothing, if it may.
    pub(crate) fn wait(&self, from: IpAddr, now: DateTime<Utc>) -> Option<u64> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = known.get(&from).copied()?;
        if counted.misses < AT_MOST || counted.is_over(now) {
            return None;
        }
        let left = WITHIN - (now - counted.since);
        Some(u64::try_from(left.num_seconds()).unwrap_or_default().max(1))
    }

    /// An address asked in vain.
    pub(crate) fn count(&self, from: IpAddr, now: DateTime<Utc>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= ADDRESSES && !known.contains_key(&from) {
            known.retain(|_, counted| !counted.is_over(now));
            if known.len() >= ADDRESSES {
                // There are more at once than are remembered: the older half is forgotten.
                let mut since: Vec<_> = known.values().map(|counted| counted.since).collect();
                let half = since.len() / 2;
                let (_, middle, _) = since.select_nth_unstable(half);
                let middle = *middle;
                known.retain(|_, counted| counted.since > middle);
            }
        }
        let new = Counted {
            since: now,
            misses: 0,
        };
        let counted = known.entry(from).or_insert(new);
        if counted.is_over(now) {
            *counted = new;
        }
        counted.misses = counted.misses.saturating_add(1);
    }
}

/// A net of IPv4 in the clothes of IPv6 (RFC 4291, section 2.5.5.2) as what it is, as addresses are compared.
fn canonical(net: IpNet) -> IpNet {
    let IpNet::V6(six) = net else { return net };
    let (Some(address), Some(prefix)) = (
        six.addr().to_ipv4_mapped(),
        six.prefix_len().checked_sub(96),
    ) else {
        return net;
    };
    ipnet::Ipv4Net::new(address, prefix).map_or(net, IpNet::V4)
}

/// An address as proxies write it, some with the port.
fn of_text(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let alone = text.trim_start_matches('[').trim_end_matches(']');
    let address = alone.parse().or_else(|_| {
        let with_port = text.parse::<SocketAddr>();
        with_port.map(|socket| socket.ip())
    });
    Some(address.ok()?.to_canonical())
}

fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
        IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use poem::web::{LocalAddr, RemoteAddr};
    use poem::{Addr, RequestParts, http};

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn from(text: &str) -> IpAddr {
        asked(text, &[], &[])
    }

    /// The address of a request that this one hands over, with what is said of whom it is from.
    fn asked(nearest: &str, said: &[&str], proxies: &[&str]) -> IpAddr {
        let nearest: SocketAddr = nearest.parse().unwrap();
        let mut request = http::Request::builder();
        for line in said {
            request = request.header("X-Forwarded-For", *line);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let nearest = Addr::SocketAddr(nearest);
        let ends = (LocalAddr(nearest.clone()), RemoteAddr(nearest));
        let parts = RequestParts::from((parts, ends.0, ends.1, http::uri::Scheme::HTTP));
        let request = Request::from_parts(parts, poem::Body::empty());
        let proxies = proxies.iter().map(|net| net.parse().unwrap());
        Misses::behind(proxies.collect()).address(&request)
    }

    #[test]
    fn only_proxies_that_are_known_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let said = ["203.0.113.9, 198.51.100.7", "10.1.2.3"];
        let proxy = "192.0.2.1:5";
        for (proxies, meant) in [
            (&[][..], "192.0.2.1"),
            (&["192.0.2.0/24"], "10.1.2.3"),
            (&["192.0.2.0/24", "10.0.0.0/8"], "198.51.100.7"),
            // All that it says is from proxies: the last that is known.
            (&["0.0.0.0/0"], "203.0.113.9"),
        ] {
            assert_eq!(asked(proxy, &said, proxies), ip(meant), "{proxies:?}");
        }
        let mapped = ["::ffff:192.0.2.0/120"];
        assert_eq!(asked(proxy, &["198.51.100.7"], &mapped), ip("198.51.100.7"));
        let known = ["192.0.2.0/24"];
        assert_eq!(asked(proxy, &[], &known), ip("192.0.2.1"));
        assert_eq!(asked(proxy, &["nobody"], &known), ip("192.0.2.1"));
        assert_eq!(
            asked(proxy, &["198.51.100.7:4711"], &known),
            ip("198.51.100.7")
        );
        assert_eq!(asked(proxy, &["[2001:db8::7]:1"], &known), ip("2001:db8::"));
        assert_eq!(asked(proxy, &["2001:db8::7"], &known), ip("2001:db8::"));
        assert_eq!(
            asked("[::ffff:192.0.2.1]:1", &["198.51.100.7"], &known),
            ip("198.51.100.7")
        );
    }

    #[test]
    fn one_address_asks_in_vain_so_often_in_a_minute() {
        let misses = Misses::default();
        let (ada, bo) = (from("192.0.2.1:1"), from("192.0.2.2:1"));
        for second in 0..19 {
            misses.count(ada, at(second));
            assert_eq!(misses.wait(ada, at(second)), None);
        }
        misses.count(ada, at(19));
        assert_eq!(misses.wait(ada, at(19)), Some(41));
        assert_eq!(misses.wait(ada, at(59)), Some(1));
        assert_eq!(misses.wait(bo, at(19)), None);
        assert_eq!(misses.wait(ada, at(60)), None);
        misses.count(ada, at(60));
        assert_eq!(misses.wait(ada, at(60)), None);
    }

    #[test]
    fn no_more_addresses_are_known_than_there_is_room_for() {
        let misses = Misses::default();
        for number in 0..30_000_u32 {
            misses.count(IpAddr::V4(number.into()), at(i64::from(number / 1_000)));
            assert!(misses.known.lock().unwrap().len() <= ADDRESSES);
        }
        let known = misses.known.lock().unwrap();
        assert!(known.contains_key(&IpAddr::V4(29_999.into())));
        assert!(!known.contains_key(&IpAddr::V4(0.into())));
    }

    #[test]
    fn a_household_is_one_address() {
        assert_eq!(from("[2001:db8::1]:1"), from("[2001:db8::ffff:2]:9"));
        assert_ne!(from("[2001:db8::1]:1"), from("[2001:db8:0:1::1]:1"));
        assert_eq!(from("[::ffff:192.0.2.1]:1"), from("192.0.2.1:7"));
    }
}
