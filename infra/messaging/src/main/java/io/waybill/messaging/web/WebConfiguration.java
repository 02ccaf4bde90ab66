package io.waybill.messaging.web;

import com.fasterxml.jackson.databind.Module;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.waiting.ConsistencyTokens;
import io.waybill.messaging.waiting.ReadModelWaits;
import io.waybill.messaging.waiting.ReadPositions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Wires what all contexts answer over HTTP in the same way. */
@Configuration(proxyBeanMethods = false)
@Import({ProblemAdvice.class, AdminController.class, ConsistencyAdvice.class})
public class WebConfiguration {

    /** Kernel values in requests and answers, for Spring's own mapper. */
    @Bean
    Module kernelJsonModule() {
        return WaybillJson.kernelModule();
    }

    @Bean
    ReadYourWrites readYourWrites(ReadModelWaits waits, ReadPositions positions, ConsistencyTokens tokens) {
        return new ReadYourWrites(waits, positions, tokens);
    }

    @Bean
    WebMvcConfigurer readYourWritesInterceptor(ReadYourWrites readYourWrites) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(readYourWrites);
            }
        };
    }
}
