package io.waybill.messaging.logging;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Names orders in the lines that requests log. */
@Configuration(proxyBeanMethods = false)
public class LoggingConfiguration {

    /** Behind those that give a request its trace and its id, and before all others. */
    @Bean
    FilterRegistrationBean<OrderOfRequest> orderOfRequest() {
        FilterRegistrationBean<OrderOfRequest> registration = new FilterRegistrationBean<>(new OrderOfRequest());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 3);
        return registration;
    }
}
