package io.waybill.messaging.web;

import com.fasterxml.jackson.databind.Module;
import io.waybill.messaging.WaybillJson;
import org.springframework.boot.autoconfigure.jackson.Jackson2ObjectMapperBuilderCustomizer;
import io.waybill.messaging.processing.ReadPositions;
import jakarta.servlet.Filter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/** Wires what all contexts answer over HTTP in the same way. */
@Configuration(proxyBeanMethods = false)
@Import({ProblemAdvice.class, AdminController.class})
public class WebConfiguration {

    @Bean
    FilterRegistrationBean<PrivateByDefault> privateByDefault() {
        return onApi(new PrivateByDefault());
    }

    /** Every answer has a tag of its content, so that whoever has it already gets 304. */
    @Bean
    FilterRegistrationBean<ShallowEtagHeaderFilter> entityTags() {
        return onApi(new ShallowEtagHeaderFilter());
    }

    @Bean
    PublicAnswers publicAnswers(ReadPositions positions) {
        return new PublicAnswers(positions);
    }

    private static <T extends Filter> FilterRegistrationBean<T> onApi(T filter) {
        FilterRegistrationBean<T> registration = new FilterRegistrationBean<>(filter);
        registration.addUrlPatterns("/api/*");
        return registration;
    }

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
