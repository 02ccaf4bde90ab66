package io.waybill.payment.charging;

import io.waybill.messaging.tasks.TimeLimit;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ChargingConfiguration {

    @Bean
    TimeLimit partnerTimeLimit(@Value("${waybill.payment.partner-timeout:10s}") Duration timeout) {
        return new TimeLimit(timeout);
    }
}
