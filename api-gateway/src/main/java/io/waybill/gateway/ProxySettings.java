package io.waybill.gateway;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who stands between the clients and the gateway.
 *
 * @param trustedProxies the addresses or networks whose word on a client's address is taken
 * @param forwardedHeader the one header in which they say it; others may be the client's own invention
 */
@ConfigurationProperties("waybill.gateway")
record ProxySettings(
        @DefaultValue List<String> trustedProxies,
        @DefaultValue("x-forwarded-for") ForwardedHeader forwardedHeader) {

    ProxySettings {
        trustedProxies = List.copyOf(trustedProxies);
    }

    enum ForwardedHeader {
        X_FORWARDED_FOR,
        FORWARDED
    }
}
