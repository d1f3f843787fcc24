package deliver

import (
	"fmt"
	"net/netip"
	"slices"
	"syscall"
)

// Networks are those that subscribers may be in although they are not on the
// Internet. Whoever may subscribe an endpoint chooses where we connect to: it
// must not be what only we can reach.
type Networks []netip.Prefix

// closed are the networks that are not the Internet's: our own machine, private
// and link-local ones (with the metadata services of clouds), those that carry
// an IPv4 address inside, and what no subscriber can be in.
var closed = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
	"168.63.129.16/32", // Azure's metadata service
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// Refuses reports whether an address must not be connected to.
func (n Networks) Refuses(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	contains := func(network netip.Prefix) bool { return network.Contains(address) }
	return !address.IsValid() || slices.ContainsFunc(closed, contains) && !slices.ContainsFunc(n, contains)
}

// control is asked before each connection, when names have become addresses: a
// name that has another address the next time is of no use to anybody.
func (n Networks) control(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address %s: %w", address, err)
	}
	if n.Refuses(target.Addr()) {
		return fmt.Errorf("%s is in a network that is closed to deliveries (see --allow-delivery-to)", target.Addr())
	}
	return nil
}
