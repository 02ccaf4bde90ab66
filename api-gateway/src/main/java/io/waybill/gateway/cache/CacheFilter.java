package io.waybill.gateway.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.gateway.ClientLoop;
import io.waybill.gateway.Operation;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.ReadYourWrites;
import io.waybill.gateway.RefusedRequest;
import io.waybill.gateway.cache.Decision.Reason;
import io.waybill.gateway.cache.Flights.Flight;
import io.waybill.gateway.cache.Flights.Landing;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Stands before everything that goes to a context: answers from the store where RFC 9111 allows it, keeps what may be
 * kept, and lets one request go where many ask for the same.
 */
final class CacheFilter implements GlobalFilter, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(CacheFilter.class);

    /** RFC 5861, section 4. */
    private static final Set<Integer> ERRORS = Set.of(500, 502, 503, 504);

    private static final Duration LOCK = Duration.ofSeconds(15);

    private static final Duration FIRST_LOOK = Duration.ofMillis(10);

    private static final Duration LATER_LOOKS = Duration.ofMillis(100);

    private static final Duration LONGEST_RENEWAL = Duration.ofSeconds(30);

    private final AnswerStore store;
    private final Tagging tagging;
    private final EventFeed feed;
    private final CacheSettings settings;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final Map<String, Counter> outcomes = new ConcurrentHashMap<>();
    private final Flights flights = new Flights();
    private final PrivateRoutes privateRoutes = new PrivateRoutes();

    CacheFilter(
            AnswerStore store,
            Tagging tagging,
            EventFeed feed,
            CacheSettings settings,
            InstantSource clock,
            MeterRegistry meters) {
        this.store = store;
        this.tagging = tagging;
        this.feed = feed;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        // From nothing, so that the first one is a change that can be seen.
        List.of("hit", "miss", "validate", "bypass").forEach(this::counter);
    }

    /** Before the filters that write the answer, so that they write to the cache. */
    @Override
    public int getOrder() {
        return -100;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (isLive(exchange)) {
            return chain.filter(exchange);
        }
        if (privateRoutes.isOne(exchange)) {
            count("bypass");
            return letBy(exchange, chain);
        }
        var request = requestOf(exchange);
        var turn = new Turn(exchange, chain, request, tagging.tagsOf(request));
        if (!request.isSafe()) {
            return passOn(turn, Reason.METHOD);
        }
        if (mustBypass(request) || !tagging.isWorthKeeping(request)) {
            count("bypass");
            return passOn(turn, Reason.BYPASS);
        }
        return store.find(turn.target(), turn.tags())
                .publishOn(ClientLoop.of(exchange))
                .flatMap(found -> answer(turn, found));
    }

    /** Endless answers are nobody's but their client's. */
    private static boolean isLive(ServerWebExchange exchange) {
        return exchange.getAttribute(Operation.ATTRIBUTE) instanceof Operation.ToContext operation
                && operation.waiting() == Operation.Waiting.ENDLESS;
    }

    private static boolean mustBypass(CacheRequest request) {
        var headers = request.headers();
        return !(request.isGet() || request.isHead())
                || headers.has(ReadYourWrites.HEADER)
                || Conditions.areForTheOrigin(headers);
    }

    private static CacheRequest requestOf(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        return new CacheRequest(request.getMethod().name(), request.getURI(), linesOf(request.getHeaders()));
    }

    private static HeaderLines linesOf(HttpHeaders headers) {
        return new HeaderLines(headers.entrySet().stream()
                .flatMap(field -> field.getValue().stream().map(value -> new HeaderLines.Line(field.getKey(), value)))
                .toList());
    }

    /** A client's request on its way through. */
    private record Turn(ServerWebExchange exchange, GatewayFilterChain chain, CacheRequest request, Set<String> tags) {

        String target() {
            return request.target();
        }

        Operation operation() {
            return exchange.getRequiredAttribute(Operation.ATTRIBUTE);
        }
    }

    private Mono<Void> answer(Turn turn, AnswerStore.Found found) {
        var request = turn.request();
        var decision =
                Decision.of(request, found.variants(), stored -> isTrusted(turn, found, stored), clock.instant());
        if (request.headers().has(HttpHeaders.RANGE)) {
            return answerPart(turn, decision);
        }
        return switch (decision) {
            case Decision.Hit hit -> fromStore(turn, hit.stored(), hit.freshness(), "hit");
            case Decision.HitAndRenew hit -> {
                renew(turn, found, hit.stored());
                yield fromStore(turn, hit.stored(), hit.freshness(), "hit_stale");
            }
            case Decision.NothingStored nothing -> Mono.error(new RefusedRequest(ProblemCode.NOT_STORED));
            case Decision.Validate validate -> ask(turn, found, validate.stored(), validate.reason());
            case Decision.Forward forward ->
                ask(turn, found, null, found.available() ? forward.reason() : Reason.BYPASS);
        };
    }

    private boolean isTrusted(Turn turn, AnswerStore.Found found, StoredAnswer stored) {
        return turn.tags().isEmpty() || (!found.isOutdated(stored) && feed.vouchesFor(stored.position()));
    }

    private Mono<Void> answerPart(Turn turn, Decision decision) {
        if (decision instanceof Decision.Hit hit && hit.stored().status() == 200) {
            var stored = hit.stored();
            var range = ByteRange.parse(
                    turn.request().headers().first(HttpHeaders.RANGE),
                    stored.body().length());
            if (range != null && mayTakePart(turn.request(), stored)) {
                count("hit");
                return ClientAnswer.part(
                        turn.exchange(), stored, range, hit.freshness().age(), CacheStatus.hit(hit.freshness()));
            }
        }
        if (decision instanceof Decision.NothingStored) {
            return Mono.error(new RefusedRequest(ProblemCode.NOT_STORED));
        }
        count("bypass");
        return passOn(turn, Reason.PARTIAL);
    }

    private static boolean mayTakePart(CacheRequest request, StoredAnswer stored) {
        var condition = request.headers().first(HttpHeaders.IF_RANGE);
        var tag = stored.entityTag();
        return request.isGet()
                && !Conditions.areThere(request.headers())
                && (condition == null || (tag != null && EntityTags.matchStrongly(condition, tag)));
    }

    private Mono<Void> fromStore(Turn turn, StoredAnswer stored, Freshness freshness, String outcome) {
        count(outcome);
        return deliver(turn.exchange(), turn.request(), stored, CacheStatus.hit(freshness));
    }

    private Mono<Void> deliver(
            ServerWebExchange exchange, CacheRequest request, StoredAnswer stored, CacheStatus status) {
        var age = freshness(stored).age();
        return Conditions.clientHas(stored, request.headers(), clock.instant())
                ? ClientAnswer.notModified(exchange, stored.headers(), age, status)
                : ClientAnswer.stored(exchange, stored, age, status);
    }

    private Freshness freshness(StoredAnswer stored) {
        return Freshness.of(stored, clock.instant());
    }

    /** Asks the origin, and what is stored has to be approved by it, where anything is. */
    private Mono<Void> ask(Turn turn, AnswerStore.Found found, @Nullable StoredAnswer stored, Reason reason) {
        var request = turn.request();
        count(stored == null ? "miss" : "validate");
        // Nothing was ever stored and no event speaks of it: most likely it is for one user only.
        var isShareable = !turn.tags().isEmpty() || !found.variants().isEmpty();
        if (!request.isGet()
                || !isShareable
                || reason == Reason.REQUEST
                || request.directives().has("no-store")) {
            return fetch(new Fetch(turn, found, request.isGet() ? stored : null, reason, null, true));
        }
        return flights.board(
                turn.target(),
                flight -> lead(new Fetch(turn, found, stored, reason, flight, true)),
                landing -> follow(turn, found, stored, reason, landing));
    }

    /** Waits for the answer to the same question of somebody else. */
    private Mono<Void> follow(
            Turn turn, AnswerStore.Found found, @Nullable StoredAnswer stored, Reason reason, Mono<Landing> landing) {
        var alone = new Fetch(turn, found, stored, reason, null, true);
        return landing.timeout(settings.flightWait(), Mono.just(new Landing.NotShared()))
                .flatMap(how -> switch (how) {
                    case Landing.Shared shared ->
                        shared.answer().vary().matches(turn.request().headers())
                                ? collapsed(turn, shared.answer(), reason)
                                : fetch(alone);
                    case Landing.NotShared notShared -> fetch(alone);
                    case Landing.Failed failed ->
                        standIn(alone)
                                .flatMap(other -> other.map(it -> show(alone, it, failed.status()))
                                        .orElseGet(() -> fetch(alone)));
                    case Landing.Broken broken -> broken(alone, broken.error());
                    case Landing.Abandoned abandoned -> ask(turn, found, stored, reason);
                });
    }

    private Mono<Void> collapsed(Turn turn, StoredAnswer answer, Reason reason) {
        count("collapsed");
        var status = CacheStatus.forwarded(reason).ttl(freshness(answer)).collapsed();
        return deliver(turn.exchange(), turn.request(), answer, status);
    }

    /** Leads a flight, unless another instance of the gateway does. */
    private Mono<Void> lead(Fetch fetch) {
        return awaitLock(fetch, UUID.randomUUID().toString(), FIRST_LOOK, Duration.ZERO);
    }

    private Mono<Void> awaitLock(Fetch fetch, String owner, Duration pause, Duration waited) {
        var turn = fetch.turn();
        if (!fetch.found().available()) {
            return fetch(fetch);
        }
        return store.lock(turn.target(), owner, LOCK).flatMap(mine -> {
            if (mine || waited.compareTo(settings.flightWait()) >= 0) {
                return Mono.usingWhen(
                        Mono.just(owner),
                        held -> lookAgain(fetch, Mono.defer(() -> fetch(fetch))),
                        held -> store.unlock(turn.target(), held));
            }
            var longer = pause.multipliedBy(2).compareTo(LATER_LOOKS) < 0 ? pause.multipliedBy(2) : LATER_LOOKS;
            return Mono.delay(pause)
                    .flatMap(tick ->
                            lookAgain(fetch, Mono.defer(() -> awaitLock(fetch, owner, longer, waited.plus(pause)))));
        });
    }

    /** Somebody may have stored the answer since it was looked for. */
    private Mono<Void> lookAgain(Fetch fetch, Mono<Void> otherwise) {
        var turn = fetch.turn();
        return store.find(turn.target(), turn.tags()).flatMap(found -> {
            var now = Decision.of(
                    turn.request(), found.variants(), stored -> isTrusted(turn, found, stored), clock.instant());
            if (!(now instanceof Decision.Hit hit)) {
                return otherwise;
            }
            fetch.land(new Landing.Shared(hit.stored()));
            return fetch.isForClient() ? collapsed(turn, hit.stored(), fetch.reason()) : Mono.empty();
        });
    }

    /** Renews a stale answer while its client already reads it; at most once at a time. */
    private void renew(Turn turn, AnswerStore.Found found, StoredAnswer stored) {
        if (!turn.request().isGet()) {
            return;
        }
        flights.<Void>boardAlone(
                        turn.target(), flight -> lead(new Fetch(turn, found, stored, Reason.STALE, flight, false)))
                .timeout(LONGEST_RENEWAL)
                .subscribe(nothing -> {}, error -> LOG.debug("{} could not be renewed", turn.target(), error));
        count("renewal");
    }

    /**
     * One request to the origin.
     *
     * @param stored what has to be approved; null where there is nothing
     * @param flight those who wait for it; null where nobody does
     * @param isForClient whether a client waits for its answer
     */
    private record Fetch(
            Turn turn,
            AnswerStore.Found found,
            @Nullable StoredAnswer stored,
            Reason reason,
            @Nullable Flight flight,
            boolean isForClient) {

        boolean validates() {
            return stored != null && stored.canBeValidated();
        }

        /** Whether the client's own conditions are kept back, because the whole answer is wanted. */
        boolean wantsWhole() {
            return stored != null || flight != null;
        }

        Fetch withoutStored() {
            return new Fetch(turn, found, null, reason, flight, isForClient);
        }

        void land(Landing how) {
            if (flight != null) {
                flight.land(how);
            }
        }
    }

    /** When a request was sent, and what could be heard of events then. */
    private record Sent(Instant at, long session) {}

    private Mono<Void> fetch(Fetch fetch) {
        var turn = fetch.turn();
        var sent = new Sent(clock.instant(), feed.session());
        var captured = new CapturedResponse(
                DefaultDataBufferFactory.sharedInstance,
                (answer, body, streaming) -> received(fetch, sent, answer, body, streaming));
        var request = OriginExchange.bodiless(turn.exchange().getRequest(), headersOf(fetch));
        return turn.chain()
                .filter(new OriginExchange(turn.exchange(), request, captured))
                .onErrorResume(error -> broken(fetch, error));
    }

    private static HttpHeaders headersOf(Fetch fetch) {
        var headers = new HttpHeaders();
        headers.addAll(fetch.turn().exchange().getRequest().getHeaders());
        if (fetch.wantsWhole()) {
            Conditions.VALIDATORS.forEach(headers::remove);
        }
        var stored = fetch.stored();
        if (stored != null && fetch.validates()) {
            var tag = stored.entityTag();
            if (tag != null) {
                headers.set(HttpHeaders.IF_NONE_MATCH, tag);
            }
            var changed = stored.lastModified();
            if (changed != null) {
                headers.set(HttpHeaders.IF_MODIFIED_SINCE, changed);
            }
        }
        return headers;
    }

    private Mono<Void> received(
            Fetch fetch, Sent sent, CapturedResponse answer, Flux<DataBuffer> body, boolean streaming) {
        var receivedAt = clock.instant();
        var status = answer.status();
        var headers = linesOf(answer.getHeaders());
        feed.learn(sent.session(), Position.parse(headers.first(ClientAnswer.STREAM_HEAD)));
        var stored = fetch.stored();
        if (status == 304 && stored != null && fetch.validates()) {
            return drained(body).then(Mono.defer(() -> approved(fetch, sent, stored, headers, receivedAt)));
        }
        var handling = Mono.defer(() -> handed(fetch, sent, answer, headers, body, streaming, receivedAt));
        if (!ERRORS.contains(status)) {
            return handling;
        }
        fetch.land(new Landing.Failed(status));
        return standIn(fetch)
                .flatMap(other -> other.map(it -> drained(body).then(Mono.defer(() -> show(fetch, it, status))))
                        .orElse(handling));
    }

    /** Hands an answer on, and keeps it where it may be kept. */
    private Mono<Void> handed(
            Fetch fetch,
            Sent sent,
            CapturedResponse answer,
            HeaderLines headers,
            Flux<DataBuffer> body,
            boolean streaming,
            Instant receivedAt) {
        var status = answer.status();
        var length = answer.getHeaders().getContentLength();
        var request = fetch.turn().request();
        var policy = CachePolicy.of(status, headers);
        privateRoutes.learn(fetch.turn().operation(), request, policy);
        if (!policy.isStorable(request) || length > settings.maxBody().toBytes()) {
            fetch.land(new Landing.NotShared());
            return toClient(fetch, status, headers, body, streaming);
        }
        return length < 0 && fetch.isForClient()
                ? copied(fetch, sent, status, headers, body, streaming, receivedAt)
                : taken(fetch, sent, status, headers, body, receivedAt);
    }

    /** The origin says that what is stored is still right. */
    private Mono<Void> approved(
            Fetch fetch, Sent sent, StoredAnswer stored, HeaderLines notModified, Instant receivedAt) {
        if (!StoredHeaders.approves(notModified, stored)) {
            return fetch(fetch.withoutStored());
        }
        var renewed = new StoredAnswer(
                stored.status(),
                StoredHeaders.renewed(stored.headers(), notModified, receivedAt),
                stored.body(),
                Vary.selection(
                        stored.headers().plus(notModified),
                        fetch.turn().request().headers()),
                sent.at(),
                receivedAt,
                Position.parse(notModified.first(ClientAnswer.READ_POSITION)));
        var status = CacheStatus.forwarded(fetch.reason()).status(304);
        return keep(fetch, sent, renewed).flatMap(kept -> {
            var isForAll = renewed.policy().isStorable(fetch.turn().request());
            fetch.land(isForAll ? new Landing.Shared(renewed) : new Landing.NotShared());
            return fetch.isForClient()
                    ? deliver(
                            fetch.turn().exchange(),
                            fetch.turn().request(),
                            renewed,
                            (kept ? status.stored() : status).ttl(freshness(renewed)))
                    : Mono.<Void>empty();
        });
    }

    /** Takes in an answer that says how long it is, stores it and hands it on. */
    private Mono<Void> taken(
            Fetch fetch, Sent sent, int status, HeaderLines headers, Flux<DataBuffer> body, Instant receivedAt) {
        var limit = (int) settings.maxBody().toBytes();
        return DataBufferUtils.join(body, limit)
                .map(CacheFilter::bytes)
                .defaultIfEmpty(new byte[0])
                .flatMap(whole -> {
                    var answer = answerOf(fetch, sent, status, headers, whole, receivedAt);
                    return keep(fetch, sent, answer).flatMap(kept -> {
                        fetch.land(new Landing.Shared(answer));
                        return fetch.isForClient() ? hand(fetch, answer, headers, kept) : Mono.<Void>empty();
                    });
                });
    }

    private Mono<Void> hand(Fetch fetch, StoredAnswer answer, HeaderLines headers, boolean kept) {
        var turn = fetch.turn();
        var status = CacheStatus.forwarded(fetch.reason()).status(answer.status());
        if (kept) {
            status.stored().ttl(freshness(answer));
        }
        if (fetch.wantsWhole() && Conditions.clientHas(answer, turn.request().headers(), clock.instant())) {
            return ClientAnswer.notModified(
                    turn.exchange(), headers, freshness(answer).age(), status);
        }
        return ClientAnswer.whole(
                turn.exchange(), answer.status(), headers, answer.body().bytes(), status);
    }

    /** Hands on an answer of unknown length as it comes and stores a copy at its end, unless it grows too large. */
    private Mono<Void> copied(
            Fetch fetch,
            Sent sent,
            int status,
            HeaderLines headers,
            Flux<DataBuffer> body,
            boolean streaming,
            Instant receivedAt) {
        var copy = new BoundedCopy((int) settings.maxBody().toBytes());
        var watched = body.doOnNext(part -> {
            if (!copy.add(part)) {
                fetch.land(new Landing.NotShared());
            }
        });
        var storing = Mono.defer(() -> {
            var whole = copy.whole();
            if (whole == null) {
                return Mono.<Void>empty();
            }
            var answer = answerOf(fetch, sent, status, headers, whole, receivedAt);
            return keep(fetch, sent, answer)
                    .doOnNext(kept -> fetch.land(new Landing.Shared(answer)))
                    .then();
        });
        return toClient(fetch, status, headers, watched.concatWith(storing.then(Mono.empty())), streaming);
    }

    private StoredAnswer answerOf(
            Fetch fetch, Sent sent, int status, HeaderLines headers, byte[] body, Instant receivedAt) {
        return new StoredAnswer(
                status,
                StoredHeaders.of(status, headers, receivedAt),
                new StoredAnswer.Body(body),
                Vary.selection(headers, fetch.turn().request().headers()),
                sent.at(),
                receivedAt,
                Position.parse(headers.first(ClientAnswer.READ_POSITION)));
    }

    /** Stores an answer, unless an event may have happened that it does not know of. */
    private Mono<Boolean> keep(Fetch fetch, Sent sent, StoredAnswer answer) {
        var turn = fetch.turn();
        var kept = keptFor(answer);
        var mayBeOutdated =
                !turn.tags().isEmpty() && !(feed.isUnbroken(sent.session()) && feed.vouchesFor(answer.position()));
        if (!fetch.found().available()
                || mayBeOutdated
                || !kept.isPositive()
                || !answer.policy().isStorable(turn.request())) {
            return Mono.just(false);
        }
        return store.store(
                        turn.target(),
                        turn.tags(),
                        fetch.found().generation(),
                        answer,
                        tagging.lastingTagsOf(turn.request()).isEmpty() ? kept : settings.maxKept())
                .map(AnswerStore.Outcome.STORED::equals);
    }

    private Duration keptFor(StoredAnswer answer) {
        var policy = answer.policy();
        var freshness = freshness(answer);
        var left = freshness.lifetime().minus(freshness.age());
        var stale = policy.staleIfError().compareTo(policy.staleWhileRevalidate()) > 0
                ? policy.staleIfError()
                : policy.staleWhileRevalidate();
        var useful = left.plus(stale);
        if (answer.canBeValidated()) {
            useful = (useful.isNegative() ? Duration.ZERO : useful).plus(settings.keptForValidation());
        }
        return useful.compareTo(settings.maxKept()) < 0 ? useful : settings.maxKept();
    }

    /**
     * What stands in for the answer of a failing origin.
     *
     * @param detail what is said of it in {@code Cache-Status}
     */
    private record StandIn(StoredAnswer answer, String detail) {}

    /** The stale answer, as far as {@code stale-if-error} allows it; else the part of it that is still true. */
    private Mono<Optional<StandIn>> standIn(Fetch fetch) {
        if (!fetch.isForClient()) {
            return Mono.just(Optional.empty());
        }
        var request = fetch.turn().request();
        var found = fetch.found();
        var stored = Decision.select(request, found.variants());
        if (stored != null && !found.isOutdated(stored) && Decision.mayStandIn(request, stored, clock.instant())) {
            return Mono.just(Optional.of(new StandIn(stored, "stale-if-error")));
        }
        var tags = tagging.lastingTagsOf(request);
        return stored == null || tags.isEmpty()
                ? Mono.just(Optional.empty())
                : store.find(fetch.turn().target(), tags).map(lasting -> lasting(request, lasting));
    }

    /**
     * Unlike a whole answer that is stale it must be right, so an event that may have been missed counts against it.
     */
    private Optional<StandIn> lasting(CacheRequest request, AnswerStore.Found found) {
        var stored = Decision.select(request, found.variants());
        return stored == null || found.isOutdated(stored) || !feed.vouchesFor(stored.position())
                ? Optional.empty()
                : Optional.ofNullable(tagging.lastingPartOf(stored))
                        .map(part -> new StandIn(part, "without-stock-level"));
    }

    private Mono<Void> show(Fetch fetch, StandIn standIn, int failure) {
        count(standIn.detail().replace('-', '_'));
        var status = CacheStatus.forwarded(fetch.reason());
        if (failure != 0) {
            status.status(failure);
        }
        var answer = standIn.answer();
        return deliver(
                fetch.turn().exchange(),
                fetch.turn().request(),
                answer,
                status.ttl(freshness(answer)).detail(standIn.detail()));
    }

    private Mono<Void> broken(Fetch fetch, Throwable error) {
        fetch.land(new Landing.Broken(error));
        return fetch.turn().exchange().getResponse().isCommitted()
                ? Mono.error(error)
                : standIn(fetch)
                        .flatMap(other -> other.map(it -> show(fetch, it, 0)).orElseGet(() -> Mono.error(error)));
    }

    private Mono<Void> passOn(Turn turn, Reason reason) {
        var captured = new CapturedResponse(DefaultDataBufferFactory.sharedInstance, (answer, body, streaming) -> {
            var headers = linesOf(answer.getHeaders());
            var writing = Mono.defer(() -> ClientAnswer.passOn(
                    turn.exchange(),
                    answer.status(),
                    headers,
                    body,
                    streaming,
                    CacheStatus.forwarded(reason).status(answer.status())));
            return invalidation(turn, answer.status(), headers).then(writing);
        });
        return turn.chain()
                .filter(new OriginExchange(turn.exchange(), turn.exchange().getRequest(), captured));
    }

    /** Leaves an answer that is for its sender only to the filters that write it, and only says so. */
    private Mono<Void> letBy(ServerWebExchange exchange, GatewayFilterChain chain) {
        var response = exchange.getResponse();
        response.beforeCommit(() -> Mono.fromRunnable(() -> {
            var code = response.getStatusCode();
            // Without a context's answer this is a refusal of the gateway's own.
            if (code != null && exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR) != null) {
                var headers = response.getHeaders();
                if (!PrivateRoutes.isAsEver(headers)) {
                    Operation operation = exchange.getRequiredAttribute(Operation.ATTRIBUTE);
                    privateRoutes.learn(operation, requestOf(exchange), CachePolicy.of(code.value(), linesOf(headers)));
                }
                headers.remove(CachePolicy.TARGETED);
                headers.add(
                        CacheStatus.HEADER,
                        CacheStatus.forwarded(Reason.BYPASS)
                                .status(code.value())
                                .toString());
            }
        }));
        return chain.filter(exchange);
    }

    /** RFC 9111, section 4.4. */
    private Mono<Void> invalidation(Turn turn, int status, HeaderLines headers) {
        var request = turn.request();
        if (request.isSafe() || status < 200 || status >= 400) {
            return Mono.empty();
        }
        var targets = new HashSet<String>();
        targets.add(turn.target());
        for (var field : new String[] {HttpHeaders.LOCATION, HttpHeaders.CONTENT_LOCATION}) {
            var target = targetOfSameOrigin(request.uri(), headers.first(field));
            if (target != null) {
                targets.add(target);
            }
        }
        return store.invalidate(targets);
    }

    private static @Nullable String targetOfSameOrigin(URI base, @Nullable String reference) {
        if (reference == null) {
            return null;
        }
        try {
            var uri = base.resolve(reference);
            return String.valueOf(uri.getAuthority()).equalsIgnoreCase(String.valueOf(base.getAuthority()))
                            && uri.getRawPath() != null
                    ? CacheRequest.target(uri)
                    : null;
        } catch (IllegalArgumentException e) {
            // What is no URI names nothing that could be stored.
            return null;
        }
    }

    private static Mono<Void> toClient(
            Fetch fetch, int status, HeaderLines headers, Flux<DataBuffer> body, boolean streaming) {
        return fetch.isForClient()
                ? ClientAnswer.passOn(
                        fetch.turn().exchange(),
                        status,
                        headers,
                        body,
                        streaming,
                        CacheStatus.forwarded(fetch.reason()).status(status))
                : drained(body);
    }

    private static Mono<Void> drained(Flux<DataBuffer> body) {
        return body.doOnNext(DataBufferUtils::release).then();
    }

    private static byte[] bytes(DataBuffer buffer) {
        var bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private void count(String outcome) {
        counter(outcome).increment();
    }

    private Counter counter(String outcome) {
        return outcomes.computeIfAbsent(outcome, name -> meters.counter("waybill.cache.requests", "outcome", name));
    }

    /** Bytes that went by, as long as they are few. */
    private static final class BoundedCopy {

        private final int limit;
        private @Nullable ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        BoundedCopy(int limit) {
            this.limit = limit;
        }

        /** Whether there was room for the part. */
        boolean add(DataBuffer part) {
            if (bytes == null) {
                return false;
            }
            if (bytes.size() + part.readableByteCount() > limit) {
                bytes = null;
                return false;
            }
            var copy = new byte[part.readableByteCount()];
            part.toByteBuffer(ByteBuffer.wrap(copy));
            bytes.writeBytes(copy);
            return true;
        }

        byte @Nullable [] whole() {
            return bytes == null ? null : bytes.toByteArray();
        }
    }
}
