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
import io.waybill.messaging.database.DatabaseReach;
import io.waybill.messaging.processing.ReadPositions;
import io.waybill.messaging.waiting.ConsistencyTokens;
import io.waybill.messaging.waiting.ReadModelWaits;
import jakarta.servlet.Filter;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.jackson.Jackson2ObjectMapperBuilderCustomizer;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcRegistrations;
import org.springframework.boot.web.embedded.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.json.MappingJackson2HttpMessageConverter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Wires what all contexts answer over HTTP in the same way. */
@Configuration(proxyBeanMethods = false)
@Import({ProblemAdvice.class, AdminController.class, ConsistencyAdvice.class})
public class WebConfiguration {

    @Bean
    FilterRegistrationBean<PrivateByDefault> privateByDefault() {
        return onApi(new PrivateByDefault());
    }

    @Bean
    FilterRegistrationBean<EntityTags> entityTags() {
        return onApi(new EntityTags());
    }

    @Bean
    PublicAnswers publicAnswers(ReadPositions positions) {
        return new PublicAnswers(positions);
    }

    @Bean
    WebMvcRegistrations jsonHandlers() {
        return new WebMvcRegistrations() {
            @Override
            public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                return new JsonHandlers();
            }
        };
    }

    /**
     * Spring offers a converter for each format that a library on the class path can read; strictness is for JSON.
     * Bytes are what the management port hands to Prometheus.
     */
    @Bean
    WebMvcConfigurer jsonOnly() {
        return new WebMvcConfigurer() {
            @Override
            public void extendMessageConverters(List<HttpMessageConverter<?>> converters) {
                converters.removeIf(converter -> !(converter instanceof MappingJackson2HttpMessageConverter
                        || converter instanceof ByteArrayHttpMessageConverter));
            }
        };
    }

    /** Stands behind the valve that Spring Boot adds for pages, so that its report comes first. */
    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> problemReports() {
        return server -> server.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new ProblemReports()));
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

    @Bean
    WebMvcConfigurer refusedWithoutDatabase(DatabaseReach database) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new RefusedWithoutDatabase(database))
                        .addPathPatterns("/api/**")
                        .order(Ordered.HIGHEST_PRECEDENCE);
            }
        };
    }

    @Bean
    ReadYourWrites readYourWrites(ReadModelWaits waits, ConsistencyTokens tokens) {
        return new ReadYourWrites(waits, tokens);
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
