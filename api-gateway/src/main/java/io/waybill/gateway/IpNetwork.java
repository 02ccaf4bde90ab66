package io.waybill.gateway;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Addresses with the same first bits, such as {@code 10.0.0.0/8}; a single address is a network of its own. */
record IpNetwork(InetAddress address, int prefix) {

    IpNetwork {
        if (prefix < 0 || prefix > address.getAddress().length * Byte.SIZE) {
            throw new IllegalArgumentException("/" + prefix + " is no prefix of " + address.getHostAddress());
        }
    }

    static IpNetwork of(String text) {
        var parts = text.strip().split("/", 2);
        var address = literal(parts[0])
                .orElseThrow(() -> new IllegalArgumentException(text + " is no network such as 10.0.0.0/8"));
        return new IpNetwork(
                address, parts.length == 1 ? address.getAddress().length * Byte.SIZE : Integer.parseInt(parts[1]));
    }

    /** Reads an address without asking anybody for names; an IPv4 address inside IPv6 is the IPv4 address. */
    static Optional<InetAddress> literal(String text) {
        var bytes = NetUtil.createByteArrayFromIpAddressString(text);
        return bytes == null ? Optional.empty() : Optional.of(address(bytes));
    }

    boolean contains(InetAddress other) {
        return other.getAddress().length == address.getAddress().length
                && first(prefix, other).equals(first(prefix, address));
    }

    /** The address with all bits but the first ones cleared. */
    static InetAddress first(int bits, InetAddress address) {
        var bytes = address.getAddress();
        for (var i = 0; i < bytes.length; i++) {
            var kept = Math.clamp(bits - (long) i * Byte.SIZE, 0, Byte.SIZE);
            bytes[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        return address(bytes);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }
}
