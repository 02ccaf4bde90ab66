package io.waybill.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/**
 * A {@code lib} folder with applications that only say that they were started and stopped; the gateway keeps a password
 * too, as the real one does where it keeps the accounts.
 */
final class FakeApplications {

    static final String OPERATOR_PASSWORD = "drawn-by-the-gateway";

    private static final String GATEWAY = "GatewayApplication";

    private FakeApplications() {}

    static Path thatWork(Path lib) throws IOException {
        return compile(lib, "");
    }

    /** The one whose simple class name is given does not start. */
    static Path ofWhichOneFails(Path lib, String failing) throws IOException {
        return compile(lib, failing);
    }

    private static Path compile(Path lib, String failing) throws IOException {
        for (Context context : Context.values()) {
            compile(lib.resolve("contexts"), context.mainClass(), failing);
        }
        compile(lib.resolve("gateway"), "io.waybill.gateway." + GATEWAY, failing);
        return lib;
    }

    private static void compile(Path folder, String name, String failing) throws IOException {
        int dot = name.lastIndexOf('.');
        String simple = name.substring(dot + 1);
        Path source = folder.resolve(name.replace('.', '/') + ".java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, source(name.substring(0, dot), simple, simple.equals(failing)));
        var command = new ArrayList<>(List.of("-d", folder.toString(), source.toString()));
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new));
        if (result != 0) {
            throw new IllegalStateException("The fake application does not compile");
        }
    }

    private static String source(String packageName, String simpleName, boolean fails) {
        return """
            package %1$s;

            import java.nio.file.Files;
            import java.nio.file.Path;

            public final class %2$s {
                public static AutoCloseable start(String... arguments) throws Exception {
                    if (%3$b) {
                        throw new RuntimeException("the outside", new IllegalStateException("no luck today"));
                    }
                    for (String argument : arguments) {
                        if (%4$b && System.getProperty("waybill.security.issuer-uri") == null
                                && argument.startsWith("--waybill.data-folder=")) {
                            Path folder = Files.createDirectories(Path.of(argument.split("=", 2)[1]));
                            Files.writeString(folder.resolve("operator-password"), "%5$s");
                        }
                    }
                    System.out.println("%2$s started " + String.join(" ", arguments));
                    return () -> System.out.println("%2$s stopped");
                }
            }
            """.formatted(packageName, simpleName, fails, simpleName.equals(GATEWAY), OPERATOR_PASSWORD);
    }
}
