package io.waybill.messaging.sample;

import io.waybill.messaging.MessageCatalogue;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The sample context as a service has it: one bean switches messaging on. */
@SpringBootApplication(proxyBeanMethods = false)
public class SampleApplication {

    @Bean
    MessageCatalogue messages() {
        return SampleMessages.catalogue();
    }

    @Bean
    EventUpcaster upcasters() {
        return SampleMessages.upcasters();
    }
}
