package io.waybill.messaging.tracing;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where people look at traces.
 *
 * @param uiUrl the address of a trace, with {@code {traceId}} in place of its id; without it there are no links
 */
@ConfigurationProperties("waybill.tracing")
public record TraceLinks(@Nullable String uiUrl) {

    public Optional<String> linkTo(String traceId) {
        return Optional.ofNullable(uiUrl).filter(url -> !url.isBlank()).map(url -> url.replace("{traceId}", traceId));
    }
}
