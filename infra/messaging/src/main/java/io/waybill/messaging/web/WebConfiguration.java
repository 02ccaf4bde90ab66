package io.waybill.messaging.web;

import com.fasterxml.jackson.databind.Module;
import io.waybill.messaging.WaybillJson;
import org.springframework.boot.autoconfigure.jackson.Jackson2ObjectMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires what all contexts answer over HTTP in the same way. */
@Configuration(proxyBeanMethods = false)
@Import({ProblemAdvice.class, AdminController.class})
public class WebConfiguration {

    /** Kernel values in requests and answers, for Spring's own mapper. */
    @Bean
    Module kernelJsonModule() {
        return WaybillJson.kernelModule();
    }

    @Bean
    Jackson2ObjectMapperBuilderCustomizer shallowJson() {
        return builder -> builder.factory(WaybillJson.factory());
    }
}
