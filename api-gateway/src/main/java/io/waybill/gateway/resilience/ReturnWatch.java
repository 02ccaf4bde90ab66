package io.waybill.gateway.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.waybill.gateway.BoundedContext;
import io.waybill.gateway.GatewaySettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * Looks whether a context that was away has come back, so that nobody is refused any longer than it was. A context that
 * said that it was not ready, or nothing at all, and then says that it is, has come back. One that is ready all the
 * time fails for another reason, or came back before it was looked at: nobody can tell, so it is tried after a while.
 */
@Component
final class ReturnWatch implements DisposableBean {

    private static final String READINESS = "/readyz";
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final GatewaySettings settings;
    private final WebClient client;

    /** By the name of the breaker, which is watched for the latest time that it opened. */
    private final Map<String, Disposable.Swap> watches = new ConcurrentHashMap<>();

    ReturnWatch(GatewaySettings settings, WebClient.Builder client, HttpClient connections) {
        this.settings = settings;
        this.client = client.clone()
                .clientConnector(new ReactorClientHttpConnector(connections))
                .build();
    }

    /**
     * Watches for as long as the breaker, which has just opened, is open.
     *
     * @param openFor after which a context that is ready is asked again, whether it was away or not
     */
    void watch(BoundedContext context, CircuitBreaker breaker, Duration openFor) {
        var base = Objects.requireNonNull(settings.contexts().get(context));
        var readiness = URI.create(base + READINESS);
        var wasAway = new AtomicBoolean();
        var askAgain = System.nanoTime() + openFor.toNanos();
        var watch = watches.computeIfAbsent(breaker.getName(), name -> Disposables.swap());
        watch.update(Flux.interval(PERIOD)
                .onBackpressureDrop()
                .takeWhile(tick -> breaker.getState() == State.OPEN)
                .concatMap(tick -> isReady(readiness), 1)
                .doOnNext(ready -> wasAway.compareAndSet(false, !ready))
                .filter(ready -> ready && (wasAway.get() || System.nanoTime() - askAgain >= 0))
                .next()
                .subscribe(back -> {
                    if (breaker.getState() == State.OPEN) {
                        breaker.transitionToHalfOpenState();
                    }
                }));
    }

    private Mono<Boolean> isReady(URI readiness) {
        return client.get()
                .uri(readiness)
                .retrieve()
                .toBodilessEntity()
                .map(answer -> true)
                .timeout(PERIOD)
                .onErrorReturn(false);
    }

    @Override
    public void destroy() {
        watches.values().forEach(Disposable::dispose);
    }
}
