package io.waybill.gateway.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import org.springframework.boot.autoconfigure.jackson.Jackson2ObjectMapperBuilderCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdmissionSettings.class)
class AdmissionConfiguration {

    @Bean
    Jackson2ObjectMapperBuilderCustomizer shallowJson(AdmissionSettings settings) {
        var constraints = StreamReadConstraints.builder()
                .maxNestingDepth(settings.maxNesting())
                .build();
        return builder -> builder.factory(
                JsonFactory.builder().streamReadConstraints(constraints).build());
    }
}
