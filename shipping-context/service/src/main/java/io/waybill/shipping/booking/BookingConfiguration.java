package io.waybill.shipping.booking;

import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.tasks.TimeLimit;
import io.waybill.shipping.api.ShippingCommand;
import io.waybill.shipping.api.ShippingEvent;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
    TimeLimit carrierTimeLimit(@Value("${waybill.shipping.carrier-timeout:10s}") Duration timeout) {
        return new TimeLimit(timeout);
    }
}
