package io.waybill.inventory;

import io.waybill.inventory.api.InventoryCommand;
import io.waybill.inventory.api.InventoryEvent;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.WaybillApplication;
import io.waybill.shipping.api.ShippingEvent;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The inventory context as an application of its own. */
@SpringBootApplication(proxyBeanMethods = false)
public class InventoryApplication {

    public static void main(String[] args) {
        start(args);
    }

    /** Starts the context with these Spring Boot arguments; it is ready when this returns. */
    public static ConfigurableApplicationContext start(String... args) {
        return WaybillApplication.start("inventory", InventoryApplication.class, args);
    }

    @Bean
    MessageCatalogue messages() {
        return MessageCatalogue.of("inventory")
                .commands(InventoryCommand.class)
                .events(InventoryEvent.class)
                .foreignEvents("shipping", ShippingEvent.class)
                .build();
    }
}
