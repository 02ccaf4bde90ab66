package io.waybill.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.waybill.gateway.tracing.RequestTrace;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException.BadRequest;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * Asks all contexts for the same list and answers with one. A context that does not answer is named, not waited for; a
 * question that one of them cannot understand is refused.
 */
@Component
final class MergedLists {

    private static final Logger LOG = LoggerFactory.getLogger(MergedLists.class);

    private static final int LARGEST_PART = 4 * 1024 * 1024;

    private static final Comparator<JsonNode> BY_CONTEXT_AND_NAME = Comparator.comparing(
                    (JsonNode item) -> item.path("context").asText())
            .thenComparing(item -> item.path("name").asText());

    private final GatewaySettings settings;
    private final ContextReads reads;
    private final WebClient client;

    MergedLists(GatewaySettings settings, ContextReads reads, WebClient.Builder client, HttpClient connections) {
        this.settings = settings;
        this.reads = reads;
        this.client = client.clone()
                .clientConnector(new ReactorClientHttpConnector(connections))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(LARGEST_PART))
                .build();
    }

    Mono<ServerResponse> answer(ServerRequest request) {
        return Flux.fromArray(BoundedContext.values())
                .flatMap(context -> part(context, request))
                .collectList()
                .flatMap(parts -> parts.contains(Part.REFUSED)
                        ? Mono.error(new RefusedRequest(ProblemCode.INVALID_VALUE))
                        : ServerResponse.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .bodyValue(MergedList.of(parts)));
    }

    private Mono<Part> part(BoundedContext context, ServerRequest request) {
        var path = request.requestPath().value();
        var trace = RequestTrace.of(request.exchange());
        var answer = trace.asks(
                HttpMethod.GET,
                context.id(),
                path,
                carried -> client.get()
                        .uri(ContextTarget.at(settings.baseOf(context), request.uri()))
                        .headers(headers -> {
                            passOn(request.headers().asHttpHeaders(), headers);
                            headers.putAll(carried);
                        })
                        .accept(MediaType.APPLICATION_JSON)
                        .retrieve()
                        .bodyToMono(JsonNode.class)
                        .timeout(settings.listTimeout()));
        return reads.guarded(context, answer)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("an empty answer")))
                .<Part>map(list -> new Answered(items(context, list)))
                .onErrorResume(error -> {
                    // No error, which would cut off the other contexts' answers, and nobody would hear theirs.
                    if (error instanceof BadRequest) {
                        return Mono.just(Part.REFUSED);
                    }
                    trace.inLog(path, () -> logMissing(context, path, error));
                    return Mono.just(new Unavailable(context.id()));
                });
    }

    /** Who asks, and what the gateway says about them; nothing else matters to a list. */
    private static void passOn(HttpHeaders from, HttpHeaders to) {
        from.forEach((name, values) -> {
            var lower = name.toLowerCase(Locale.ROOT);
            if (ClientHeaders.isOurs(lower) || lower.equals("authorization") || lower.equals("traceparent")) {
                to.addAll(name, values);
            }
        });
    }

    private static List<JsonNode> items(BoundedContext context, JsonNode answer) {
        var items = answer.path("items");
        if (!items.isArray()) {
            throw new IllegalStateException("an answer without items");
        }
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> withContext(context, item))
                .toList();
    }

    private static JsonNode withContext(BoundedContext context, JsonNode item) {
        return item instanceof ObjectNode object && !object.has("context") ? object.put("context", context.id()) : item;
    }

    private static void logMissing(BoundedContext context, String path, Throwable error) {
        if (error instanceof CallNotPermittedException) {
            // The breaker has told it when it opened.
            LOG.debug("GET {} goes without {}", path, context.id());
        } else {
            LOG.warn("GET {} goes without {}: {}", path, context.id(), error.toString());
        }
    }

    private sealed interface Part {

        Part REFUSED = new Refused();
    }

    private record Refused() implements Part {}

    private record Answered(List<JsonNode> items) implements Part {}

    private record Unavailable(String context) implements Part {}

    private record MergedList(List<JsonNode> items, List<String> unavailable) {

        static MergedList of(List<Part> parts) {
            var items = only(Answered.class, parts).stream()
                    .flatMap(part -> part.items().stream())
                    .sorted(BY_CONTEXT_AND_NAME)
                    .toList();
            var unavailable = only(Unavailable.class, parts).stream()
                    .map(Unavailable::context)
                    .sorted()
                    .toList();
            return new MergedList(items, unavailable);
        }

        private static <T extends Part> List<T> only(Class<T> kind, List<Part> parts) {
            return parts.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }
}
