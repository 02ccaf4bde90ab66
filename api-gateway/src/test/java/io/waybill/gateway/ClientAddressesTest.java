package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.gateway.ProxySettings.ForwardedHeader;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ClientAddressesTest {

    private static final List<String> PROXIES = List.of("10.0.0.0/8", "2001:db8:ffff::/48", "192.0.2.1");

    @ParameterizedTest(name = "{0} saying ''{1}'' is {2}")
    @CsvSource({
        "198.51.100.1, 203.0.113.7,                          198.51.100.1",
        "10.1.2.3,     203.0.113.7,                          203.0.113.7",
        "10.1.2.3,     '1.1.1.1, 203.0.113.7',               203.0.113.7",
        "10.1.2.3,     '1.1.1.1, 203.0.113.7, 10.9.9.9',     203.0.113.7",
        "10.1.2.3,     '10.9.9.9, 10.8.8.8',                 10.9.9.9",
        "10.1.2.3,     '203.0.113.7, unknown',               10.1.2.3",
        "10.1.2.3,     '203.0.113.7, evil.example',          10.1.2.3",
        "10.1.2.3,     '',                                   10.1.2.3",
        "10.1.2.3,     203.0.113.7:4711,                     203.0.113.7",
        "192.0.2.1,    203.0.113.7,                          203.0.113.7",
        "192.0.2.2,    203.0.113.7,                          192.0.2.2",
        "11.0.0.1,     203.0.113.7,                          11.0.0.1",
        "10.1.2.3,     '[2001:db8:1:2:3::4]:4711',           2001:db8:1:2:0:0:0:0/64",
        "10.1.2.3,     '2001:db8:1:2::5',                    2001:db8:1:2:0:0:0:0/64",
        "10.1.2.3,     '::ffff:203.0.113.7',                 203.0.113.7",
        "2001:db8:ffff::1, 203.0.113.7,                      203.0.113.7",
        "2001:db8:fffe::1, 203.0.113.7,                      2001:db8:fffe:0:0:0:0:0/64",
    })
    void only_what_trusted_proxies_say_counts(String peer, String header, String client) {
        assertThat(addresses(ForwardedHeader.X_FORWARDED_FOR)
                        .of(from(peer).header("X-Forwarded-For", header).build()))
                .isEqualTo(client);
    }

    @Test
    void several_headers_are_one_list() {
        assertThat(addresses(ForwardedHeader.X_FORWARDED_FOR)
                        .of(from("10.1.2.3")
                                .header("X-Forwarded-For", "203.0.113.7", "203.0.113.8")
                                .build()))
                .isEqualTo("203.0.113.8");
    }

    @Test
    void the_standard_header_is_read_where_it_is_the_one() {
        var request = from("10.1.2.3")
                .header("X-Forwarded-For", "1.1.1.1")
                .header("Forwarded", "for=2.2.2.2, proto=https;For=\"[2001:db8:1:2::5]:80\", for=10.0.0.1;by=10.1.2.3")
                .build();

        assertThat(addresses(ForwardedHeader.FORWARDED).of(request)).isEqualTo("2001:db8:1:2:0:0:0:0/64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "proxy.example", "::1/129", ""})
    void what_is_no_network_is_refused(String network) {
        assertThatThrownBy(() -> IpNetwork.of(network)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ClientAddresses addresses(ForwardedHeader header) {
        return new ClientAddresses(new ProxySettings(PROXIES, header));
    }

    private static MockServerHttpRequest.BaseBuilder<?> from(String peer) {
        return MockServerHttpRequest.get("/").remoteAddress(new InetSocketAddress(peer, 4711));
    }
}
