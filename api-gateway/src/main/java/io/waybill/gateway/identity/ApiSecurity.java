package io.waybill.gateway.identity;

import io.waybill.security.AccessTable;
import io.waybill.security.ApiDocument;
import io.waybill.security.SecuritySettings;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/** Wires who may do what: the API's documents say it, and nothing else does. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecuritySettings.class)
class ApiSecurity {

    /** @param more documents of a gateway that serves more than Waybill; its own tests do */
    @Bean
    ApiDocuments apiDocuments(ObjectProvider<ApiDocument> more) {
        var waybill = Stream.of("gateway", "order", "payment", "inventory", "shipping", "administration")
                .map(ApiDocument::named);
        return new ApiDocuments(Stream.concat(waybill, more.orderedStream()).toList());
    }

    @Bean
    AccessTable accessTable(ApiDocuments documents) {
        return AccessTable.of(documents.all());
    }

    @Bean
    AccessFilter accessFilter(AccessTable table, ReactiveJwtDecoder decoder, SecuritySettings settings) {
        return new AccessFilter(table, decoder, settings);
    }
}
