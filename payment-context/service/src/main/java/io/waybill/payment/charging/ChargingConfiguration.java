package io.waybill.payment.charging;

import io.waybill.messaging.tasks.PartnerCalls;
import io.waybill.messaging.tasks.PartnerSettings;
import io.waybill.messaging.tasks.TimeLimit;
import io.waybill.messaging.tracing.Tracing;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class ChargingConfiguration {

    @Bean
    PartnerCalls partnerCalls(
            @Value("${waybill.payment.partner-timeout:10s}") Duration timeout,
            Environment environment,
            Tracing tracing) {
        return new PartnerCalls(
                "payment",
                new TimeLimit(timeout),
                Binder.get(environment).bindOrCreate("waybill.payment.partner", PartnerSettings.class),
                tracing);
    }
}
