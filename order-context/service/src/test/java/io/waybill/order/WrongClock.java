package io.waybill.order;

import java.time.Clock;
import java.time.Duration;
import org.axonframework.eventhandling.GenericEventMessage;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A clock that is wrong by as much as a setting says, for all that an instance dates. Axon's clock belongs to the JVM,
 * so the instance needs one of its own.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("waybill.test.clock-is-wrong-by")
class WrongClock {

    @Bean
    Clock clock(@Value("${waybill.test.clock-is-wrong-by}") Duration difference) {
        Clock wrong = Clock.offset(Clock.systemUTC(), difference);
        GenericEventMessage.clock = wrong;
        return wrong;
    }
}
