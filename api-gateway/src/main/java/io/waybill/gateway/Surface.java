package io.waybill.gateway;

import static io.waybill.gateway.BoundedContext.INVENTORY;
import static io.waybill.gateway.BoundedContext.ORDER;
import static io.waybill.gateway.BoundedContext.PAYMENT;
import static io.waybill.gateway.BoundedContext.SHIPPING;
import static io.waybill.gateway.Operation.Waiting.AS_PREFERRED;
import static io.waybill.gateway.Operation.Waiting.BOUNDED;
import static io.waybill.gateway.Operation.Waiting.ENDLESS;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.PATCH;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import io.waybill.gateway.Operation.MergedList;
import io.waybill.gateway.Operation.OfGateway;
import io.waybill.gateway.Operation.ToContext;
import io.waybill.gateway.Operation.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.http.server.PathContainer.Separator;
import org.springframework.stereotype.Component;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The closed list of what the outside may ask for: whatever is not here does not exist. */
@Component
public final class Surface {

    private final List<Operation> operations;

    /** @param more operations of a gateway that serves more than Waybill; its own tests do */
    Surface(GatewaySettings settings, ObjectProvider<Operation> more) {
        this.operations = Stream.of(
                        journeys(),
                        ofGateway(),
                        administration(),
                        mergedLists(settings),
                        more.orderedStream().toList())
                .flatMap(List::stream)
                .toList();
    }

    public List<Operation> all() {
        return operations;
    }

    List<ToContext> toContexts() {
        return operations.stream()
                .filter(ToContext.class::isInstance)
                .map(ToContext.class::cast)
                .toList();
    }

    /** Finds what is asked for, or refuses. */
    Operation find(HttpMethod method, PathContainer path) {
        refuseAmbiguous(path);
        var known = new ArrayList<Operation>(2);
        for (var operation : operations) {
            if (operation.path().matches(path)) {
                known.add(operation);
            }
        }
        if (known.isEmpty()) {
            throw new RefusedRequest(ProblemCode.ROUTE_NOT_FOUND);
        }
        return known.stream()
                .filter(operation -> operation.methods().contains(method))
                .findFirst()
                .orElseThrow(() -> RefusedRequest.methodNotAllowed(methodsOf(known)));
    }

    /** A path that a context might read differently than the gateway could slip past the closed list. */
    private static void refuseAmbiguous(PathContainer path) {
        var afterSeparator = false;
        for (var element : path.elements()) {
            var separator = element instanceof Separator;
            if ((separator && afterSeparator) || (element instanceof PathSegment segment && isAmbiguous(segment))) {
                throw new RefusedRequest(ProblemCode.BAD_REQUEST);
            }
            afterSeparator = separator;
        }
    }

    private static boolean isAmbiguous(PathSegment segment) {
        var decoded = segment.valueToMatch();
        return decoded.equals(".")
                || decoded.equals("..")
                || segment.value().indexOf(';') >= 0
                || decoded.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
    }

    private static Set<String> methodsOf(List<Operation> known) {
        return known.stream()
                .flatMap(operation -> operation.methods().stream())
                .map(HttpMethod::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Operation> journeys() {
        return List.of(
                to(ORDER, AS_PREFERRED, "/api/orders", POST),
                to(ORDER, BOUNDED, "/api/orders", GET),
                to(ORDER, BOUNDED, "/api/orders/{id}", GET),
                to(ORDER, BOUNDED, "/api/orders/{id}/history", GET),
                to(ORDER, ENDLESS, "/api/orders/{id}/updates", GET),
                to(ORDER, BOUNDED, "/api/orders/{id}/cancellation", POST),
                to(PAYMENT, BOUNDED, "/api/payments/{id}", GET),
                to(INVENTORY, BOUNDED, "/api/products", GET),
                to(INVENTORY, BOUNDED, "/api/products/{sku}", GET),
                to(INVENTORY, BOUNDED, "/api/products/{sku}", PUT),
                to(INVENTORY, BOUNDED, "/api/products/{sku}/stock", POST),
                to(SHIPPING, BOUNDED, "/api/shipments/{id}", GET),
                to(SHIPPING, BOUNDED, "/api/shipments/{id}/dispatch", POST),
                to(SHIPPING, BOUNDED, "/api/shipments/{id}/delivery", POST));
    }

    private static List<Operation> ofGateway() {
        return List.of(
                here("/api/users/register", POST),
                here("/api/users/login", POST),
                here("/.well-known/jwks.json", GET),
                here("/api/admin/gateway/keys/rotation", POST),
                here("/openapi.json", GET),
                here("/docs", GET),
                here("/docs/{file}", GET));
    }

    private static List<Operation> administration() {
        return Arrays.stream(BoundedContext.values())
                .map(context ->
                        to(context, BOUNDED, "/api/admin/" + context.id() + "/**", GET, POST, PUT, PATCH, DELETE))
                .toList();
    }

    private static List<Operation> mergedLists(GatewaySettings settings) {
        return settings.mergedLists().stream()
                .<Operation>map(path -> new MergedList(pattern(path)))
                .toList();
    }

    private static Operation to(BoundedContext context, Waiting waiting, String path, HttpMethod... methods) {
        return new ToContext(waiting == ENDLESS ? Set.of(methods) : withHead(methods), pattern(path), context, waiting);
    }

    private static Operation here(String path, HttpMethod... methods) {
        return new OfGateway(withHead(methods), pattern(path));
    }

    /** Who may GET may ask for the headers alone (RFC 9110, section 9.1). A stream has none that are worth it. */
    private static Set<HttpMethod> withHead(HttpMethod... methods) {
        var all = new HashSet<>(Set.of(methods));
        if (all.contains(GET)) {
            all.add(HEAD);
        }
        return all;
    }

    private static PathPattern pattern(String path) {
        return PathPatternParser.defaultInstance.parse(path);
    }
}
