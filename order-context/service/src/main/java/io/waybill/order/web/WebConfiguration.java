package io.waybill.order.web;

import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Where the ids of new orders come from, and the slow jobs. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(WatchingSettings.class)
class WebConfiguration {

    @Bean
    OrderIds orderIds(Clock clock) {
        return new OrderIds(clock, new SecureRandom());
    }
}
