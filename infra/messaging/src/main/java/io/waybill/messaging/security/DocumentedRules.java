package io.waybill.messaging.security;

import io.waybill.security.Access;
import io.waybill.security.AccessTable;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The rules of this context's routes. A handler of ours without a rule is a mistake that is found at the start. */
final class DocumentedRules implements SmartInitializingSingleton {

    private static final String OURS = "io.waybill.";

    private final AccessTable table;
    private final RequestMappingHandlerMapping handlers;

    DocumentedRules(AccessTable table, RequestMappingHandlerMapping handlers) {
        this.table = table;
        this.handlers = handlers;
    }

    /** The rule for what is asked; none if nothing was declared, which means that nobody may. */
    Optional<Access> of(HttpServletRequest request) {
        return table.find(request.getMethod(), PathContainer.parsePath(request.getRequestURI()));
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<String> open = new ArrayList<>();
        handlers.getHandlerMethods().forEach((mapping, handler) -> {
            if (handler.getBeanType().getName().startsWith(OURS)) {
                open.addAll(withoutRule(mapping));
            }
        });
        if (!open.isEmpty()) {
            throw new IllegalStateException("No document of the API says who may " + String.join(", ", open));
        }
    }

    private List<String> withoutRule(RequestMappingInfo mapping) {
        Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
        Collection<String> names = methods.isEmpty()
                ? List.of("(any method)")
                : methods.stream().map(Enum::name).toList();
        return mapping.getPatternValues().stream()
                .flatMap(pattern -> names.stream()
                        .filter(method -> table.find(method, sample(pattern)).isEmpty())
                        .map(method -> method + " " + pattern))
                .toList();
    }

    /** A path that the pattern matches. */
    private static PathContainer sample(String pattern) {
        return PathContainer.parsePath(pattern.replaceAll("\\{[^}]*}", "x"));
    }
}
