package io.waybill.order;

import io.waybill.messaging.WaybillApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The order context as an application of its own. */
@SpringBootApplication(proxyBeanMethods = false)
public class OrderApplication {

    public static void main(String[] args) {
        start(args);
    }

    /** Starts the context with these Spring Boot arguments; it is ready when this returns. */
    public static ConfigurableApplicationContext start(String... args) {
        return WaybillApplication.start("order", OrderApplication.class, args);
    }
}
