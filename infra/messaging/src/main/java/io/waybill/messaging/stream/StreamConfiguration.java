package io.waybill.messaging.stream;

import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessagingProperties;
import io.waybill.messaging.WaybillJson;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.json.JacksonSerializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the stream. */
@Configuration(proxyBeanMethods = false)
public class StreamConfiguration {

    @Bean
    @Qualifier("eventSerializer")
    Serializer eventSerializer(MessageCatalogue catalogue) {
        return new CatalogueSerializer(catalogue, WaybillJson.mapper());
    }

    /** For what Axon serialises beside events, which in Waybill is nothing that is stored or sent. */
    @Bean
    @Primary
    Serializer serializer() {
        return JacksonSerializer.builder().objectMapper(WaybillJson.mapper()).build();
    }

    @Bean
    EventStream eventStream(
            JdbcTemplate jdbc,
            @Qualifier("eventSerializer") Serializer serializer,
            ObjectProvider<EventUpcaster> upcasters,
            MessagingProperties properties) {
        return new EventStream(jdbc, serializer, chain(upcasters), properties.safetyPoll());
    }

    @Bean
    EventStorageEngine eventStorageEngine(
            JdbcTemplate jdbc,
            EventStream stream,
            MessageCatalogue catalogue,
            @Qualifier("eventSerializer") Serializer serializer,
            ObjectProvider<EventUpcaster> upcasters) {
        return new PostgresEventStorageEngine(jdbc, stream, catalogue, serializer, chain(upcasters));
    }

    private static EventUpcaster chain(ObjectProvider<EventUpcaster> upcasters) {
        return new EventUpcasterChain(upcasters.orderedStream().toList());
    }

    @Bean
    StreamBrowser streamBrowser(JdbcClient jdbc) {
        return new StreamBrowser(jdbc, WaybillJson.mapper());
    }
}
