package io.waybill.gateway;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What browsers are told.
 *
 * @param allowedOrigins the origins whose pages may call the API, such as {@code https://shop.example}; none by default
 * @param behindTls whether clients come by https though we see http, because a proxy in front of us ends it
 */
@ConfigurationProperties("waybill.browsers")
record BrowserSettings(
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("false") boolean behindTls) {

    BrowserSettings {
        for (var origin : allowedOrigins) {
            if (!origin.matches("https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")) {
                throw new IllegalArgumentException(
                        "waybill.browsers.allowed-origins are origins such as https://shop.example");
            }
        }
        allowedOrigins = List.copyOf(allowedOrigins);
    }
}
