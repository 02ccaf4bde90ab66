package io.waybill.payment;

import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.WaybillApplication;
import io.waybill.payment.api.PaymentCommand;
import io.waybill.payment.api.PaymentEvent;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The payment context as a service. */
@SpringBootApplication(proxyBeanMethods = false)
public class PaymentApplication {

    public static void main(String[] args) {
        start(args);
    }

    public static ConfigurableApplicationContext start(String... args) {
        return WaybillApplication.start("payment", PaymentApplication.class, args);
    }

    @Bean
    MessageCatalogue messages() {
        return MessageCatalogue.of("payment")
                .commands(PaymentCommand.class)
                .events(PaymentEvent.class)
                .build();
    }
}
