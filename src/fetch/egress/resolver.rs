//! Name resolution that leaves only permitted addresses.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Guard;

/// The system's resolver behind the guard.
#[derive(Debug, Clone, Copy)]
pub struct GuardedResolver {
    guard: Guard,
}

impl GuardedResolver {
    pub(super) fn new(guard: Guard) -> GuardedResolver {
        GuardedResolver { guard }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.guard;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let mut permitted: Vec<SocketAddr> = Vec::new();
            let mut refused = None;
            for address in tokio::net::lookup_host((host.as_str(), 0)).await? {
                match guard.check_address(&host, address.ip()) {
                    Ok(()) => permitted.push(address),
                    Err(refusal) => refused = Some(refusal),
                }
            }
            match refused {
                Some(refusal) if permitted.is_empty() => Err(refusal.into()),
                _ => Ok(Box::new(permitted.into_iter()) as Addrs),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::egress::{Egress, EgressRefused};

    #[tokio::test]
    async fn localhost_is_not_the_public_internet() {
        let name: Name = "localhost".parse().expect("a name");
        let refused = Guard::new(Egress::Public).resolver().resolve(name).await.err().expect("a refusal");
        assert!(matches!(refused.downcast_ref(), Some(EgressRefused::Address { .. })), "{refused}");
        let name: Name = "localhost".parse().expect("a name");
        let addresses = Guard::new(Egress::LoopbackForDemo).resolver().resolve(name).await.expect("addresses");
        assert!(addresses.count() > 0);
    }
}
