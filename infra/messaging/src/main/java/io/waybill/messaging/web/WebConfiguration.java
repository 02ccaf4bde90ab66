package io.waybill.messaging.web;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.waybill.messaging.WaybillJson;
import java.util.stream.Stream;
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

    /**
     * A request means one thing or is refused: what one parser reads differently than another could slip past either.
     */
    @Bean
    Jackson2ObjectMapperBuilderCustomizer strictRequests() {
        return builder -> builder.factory(WaybillJson.factory())
                .featuresToEnable(
                        JsonParser.Feature.STRICT_DUPLICATE_DETECTION, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .postConfigurer(WebConfiguration::refuseScalarsOfOtherTypes);
    }

    private static void refuseScalarsOfOtherTypes(ObjectMapper mapper) {
        MutableCoercionConfig text = mapper.coercionConfigFor(LogicalType.Textual);
        Stream.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)
                .forEach(shape -> text.setCoercion(shape, CoercionAction.Fail));
    }
}
