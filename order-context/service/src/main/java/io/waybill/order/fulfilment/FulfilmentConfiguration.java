package io.waybill.order.fulfilment;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.inventory.api.InventoryEvent;
import io.waybill.inventory.api.ReservationCommand;
import io.waybill.messaging.Commands;
import io.waybill.messaging.Deadlines;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.order.api.OrderCommand;
import io.waybill.order.api.OrderEvent;
import io.waybill.payment.api.PaymentCommand;
import io.waybill.payment.api.PaymentEvent;
import io.waybill.shipping.api.ShippingCommand;
import io.waybill.shipping.api.ShippingEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the order context says and hears; it stands here because the fulfilment is why it talks to the others. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FulfilmentSettings.class)
class FulfilmentConfiguration {

    @Bean
    MessageCatalogue messages() {
        return MessageCatalogue.of("order")
                .commands(OrderCommand.class)
                .events(OrderEvent.class)
                .internalEvents(FulfilmentEvent.class)
                .foreignEvents("payment", PaymentEvent.class)
                .foreignEvents("inventory", InventoryEvent.class)
                .foreignEvents("shipping", ShippingEvent.class)
                .foreignCommands("payment", PaymentCommand.class)
                .foreignCommands("inventory", ReservationCommand.class)
                .foreignCommands("shipping", ShippingCommand.class)
                .build();
    }

    @Bean
    Collaborators collaborators(
            Commands commands, Deadlines deadlines, FulfilmentSettings settings, MeterRegistry metrics) {
        return new Collaborators(commands, deadlines, settings, new FulfilmentMeters(metrics));
    }
}
