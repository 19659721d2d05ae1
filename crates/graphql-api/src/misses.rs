//! Who asks after what there is not, again and again: that is how one looks for codes, and it is made slow.
//! Who asks after a code that there is asks as often as they like, whoever else asks from the same address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use poem::web::RemoteAddr;

/// So many in [`WITHIN`], by one address.
const AT_MOST: u32 = 20;
const WITHIN: TimeDelta = TimeDelta::minutes(1);
/// How many addresses are known at a time.
const ADDRESSES: usize = 10_000;

/// Those who asked in vain of late: of pages and of the graph together.
#[derive(Debug, Default)]
pub struct Misses(Mutex<HashMap<IpAddr, Counted>>);

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
    /// For how many seconds an address is not to ask; nothing, if it may.
    pub(crate) fn wait(&self, from: IpAddr, now: DateTime<Utc>) -> Option<u64> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = known.get(&from).copied()?;
        if counted.misses < AT_MOST || counted.is_over(now) {
            return None;
        }
        let left = WITHIN - (now - counted.since);
        Some(u64::try_from(left.num_seconds()).unwrap_or_default().max(1))
    }

    /// An address asked in vain.
    pub(crate) fn count(&self, from: IpAddr, now: DateTime<Utc>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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

/// The address that a request comes from: of IPv6 the net that a household has (RFC 6177), for each has
/// addresses without number. Whoever has none of the internet is one and the same.
pub(crate) fn address(remote: &RemoteAddr) -> IpAddr {
    let address = remote.as_socket_addr().map(SocketAddr::ip);
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => {
            let net = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(net))
        }
        Some(address) => address,
        None => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}

#[cfg(test)]
mod tests {
    use poem::Addr;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn from(text: &str) -> IpAddr {
        let socket: SocketAddr = text.parse().unwrap();
        address(&RemoteAddr(Addr::SocketAddr(socket)))
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
            assert!(misses.0.lock().unwrap().len() <= ADDRESSES);
        }
        let known = misses.0.lock().unwrap();
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
