package io.waybill.gateway;

import io.waybill.gateway.ProxySettings.ForwardedHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * Says which address a request comes from: the one at the other end of the connection or, where that is a trusted
 * proxy's, the nearest one before it in the proxies' header that is not.
 */
@Component
public final class ClientAddresses {

    /** The exchange attribute with the client's address as text: an IPv4 address or an IPv6 network of 64 bits. */
    public static final String ATTRIBUTE = ClientAddresses.class.getName();

    /** What one subscriber is given; whoever has one IPv6 address has all of its network. */
    private static final int SUBSCRIBER_BITS = 64;

    private static final Pattern FOR = Pattern.compile("\\s*for\\s*=\\s*\"?([^\"]*)\"?\\s*", Pattern.CASE_INSENSITIVE);

    private static final Pattern WITH_PORT = Pattern.compile("\\[([^\\]]*)](?::\\d+)?|([^:]*):\\d+");

    private final List<IpNetwork> trusted;
    private final ForwardedHeader header;

    ClientAddresses(ProxySettings settings) {
        this.trusted = settings.trustedProxies().stream().map(IpNetwork::of).toList();
        this.header = settings.forwardedHeader();
    }

    String of(ServerHttpRequest request) {
        return Optional.ofNullable(request.getRemoteAddress())
                .map(InetSocketAddress::getAddress)
                .map(peer -> text(client(peer, request)))
                .orElse("unknown");
    }

    private InetAddress client(InetAddress peer, ServerHttpRequest request) {
        var client = peer;
        var hops = isTrusted(peer) ? hops(request) : List.<String>of();
        for (var hop : hops.reversed()) {
            var named = IpNetwork.literal(withoutPort(hop.strip()));
            // What a trusted proxy could not name is as near as we get.
            if (named.isEmpty() || !isTrusted(client)) {
                break;
            }
            client = named.get();
        }
        return client;
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    private List<String> hops(ServerHttpRequest request) {
        var headers = request.getHeaders();
        return switch (header) {
            case X_FORWARDED_FOR -> elements(headers.getOrEmpty("X-Forwarded-For"));
            case FORWARDED ->
                elements(headers.getOrEmpty("Forwarded")).stream()
                        .map(ClientAddresses::forParameter)
                        .toList();
        };
    }

    private static List<String> elements(List<String> values) {
        return values.stream().flatMap(value -> Stream.of(value.split(",", -1))).toList();
    }

    private static String forParameter(String element) {
        return Stream.of(element.split(";", -1))
                .map(FOR::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> matcher.group(1))
                .findFirst()
                .orElse("");
    }

    private static String withoutPort(String hop) {
        var matcher = WITH_PORT.matcher(hop);
        if (!matcher.matches()) {
            return hop;
        }
        return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }

    private static String text(InetAddress address) {
        // The text of an address may end in the name of the interface that it came in through.
        return address.getAddress().length == 4
                ? address.getHostAddress()
                : IpNetwork.first(SUBSCRIBER_BITS, address).getHostAddress() + "/" + SUBSCRIBER_BITS;
    }
}
