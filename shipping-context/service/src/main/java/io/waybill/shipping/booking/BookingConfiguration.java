package io.waybill.shipping.booking;

import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.tasks.PartnerCalls;
import io.waybill.messaging.tasks.PartnerSettings;
import io.waybill.messaging.tasks.TimeLimit;
import io.waybill.messaging.tracing.Tracing;
import io.waybill.shipping.api.ShippingCommand;
import io.waybill.shipping.api.ShippingEvent;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class BookingConfiguration {

    @Bean
    MessageCatalogue messages() {
        return MessageCatalogue.of("shipping")
                .commands(ShippingCommand.class)
                .events(ShippingEvent.class)
                .internalEvents(ShipmentCancellationRequested.class)
                .build();
    }

    @Bean
    PartnerCalls carrierCalls(
            @Value("${waybill.shipping.carrier-timeout:10s}") Duration timeout,
            Environment environment,
            Tracing tracing) {
        return new PartnerCalls(
                "carrier",
                new TimeLimit(timeout),
                Binder.get(environment).bindOrCreate("waybill.shipping.carrier", PartnerSettings.class),
                tracing);
    }
}
