package io.waybill.shipping;

import io.waybill.messaging.WaybillApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The shipping context as a service. */
@SpringBootApplication(proxyBeanMethods = false)
public class ShippingApplication {

    public static void main(String[] args) {
        start(args);
    }

    public static ConfigurableApplicationContext start(String... args) {
        return WaybillApplication.start("shipping", ShippingApplication.class, args);
    }
}
