package io.waybill.gateway;

import reactor.core.publisher.Mono;

/** What the gateway asks contexts by itself, beside the requests that it passes on. */
public interface ContextReads {

    /** Reads within the context's bulkhead, and not at all while the breaker of its reading routes is open. */
    <T> Mono<T> guarded(BoundedContext context, Mono<T> read);
}
