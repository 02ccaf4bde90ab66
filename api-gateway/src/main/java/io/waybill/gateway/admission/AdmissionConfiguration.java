package io.waybill.gateway.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.jackson.Jackson2ObjectMapperBuilderCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdmissionSettings.class)
class AdmissionConfiguration {

    /** A body is shallow, and means one thing or is refused; the contexts read theirs as strictly. */
    @Bean
    Jackson2ObjectMapperBuilderCustomizer strictJson(AdmissionSettings settings) {
        var constraints = StreamReadConstraints.builder()
                .maxNestingDepth(settings.maxNesting())
                .build();
        return builder -> builder.factory(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .featuresToEnable(
                        JsonParser.Feature.STRICT_DUPLICATE_DETECTION, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .postConfigurer(AdmissionConfiguration::refuseScalarsAsText);
    }

    private static void refuseScalarsAsText(ObjectMapper mapper) {
        var text = mapper.coercionConfigFor(LogicalType.Textual);
        Stream.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)
                .forEach(shape -> text.setCoercion(shape, CoercionAction.Fail));
    }
}
