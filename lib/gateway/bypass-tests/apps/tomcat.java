import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.catalina.startup.Tomcat;

/** A servlet in Tomcat: the path is the one that the container has decoded and normalized. Run from its source. */
class BypassBackend extends HttpServlet {
  static final List<String> WATCHED = List.of("x-gatewright-client-id", "x-gatewright-subject", "x-gatewright-scopes", "x-admin",
      "client-ip", "true-client-ip", "x-client-ip", "x-real-ip", "x-forwarded-for", "forwarded", "x-forwarded-host", "proxy",
      "client-cert", "x-client-cert", "ssl-client-cert", "x-ssl-client-verify", "remote-user", "x-remote-user", "auth-type", "x-scheme");
  static final Pattern PROTECTED = Pattern.compile("/(?:private|tasks|t/[^/]+/private)(?:/.*)?", Pattern.DOTALL);

  public static void main(String[] arguments) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(arguments[1]);
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(Integer.parseInt(arguments[0]));
    var connector = tomcat.getConnector();
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.setProperty("maxHttpRequestHeaderSize", "65536");
    var context = tomcat.addContext("", arguments[1]);
    Tomcat.addServlet(context, "backend", new BypassBackend());
    context.addServletMappingDecoded("/*", "backend");
    tomcat.start();
    tomcat.getServer().await();
  }

  /** As libraries that port CGI code to servlets find a header. */
  static String find(HttpServletRequest request, String name) {
    for (String candidate : Collections.list(request.getHeaderNames()))
      if (candidate.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-").equals(name)) return request.getHeader(candidate);
    return "";
  }

  static boolean under(String path, String area) {
    return path.equals(area) || path.startsWith(area + "/");
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
    String method = request.getMethod();
    for (String name : List.of("x-original-url", "x-rewrite-url", "x-original-uri", "x-forwarded-uri", "path-info", "request-uri"))
      if (find(request, name).startsWith("/")) path = find(request, name);
    for (String name : List.of("x-script-name", "x-forwarded-prefix")) {
      String prefix = find(request, name);
      if (!prefix.isEmpty() && path.startsWith(prefix)) path = path.substring(prefix.length());
    }
    for (String name : List.of("x-http-method-override", "x-http-method", "x-method-override"))
      if (!find(request, name).isEmpty()) method = find(request, name).toUpperCase(Locale.ROOT);
    List<String> forged = new ArrayList<>();
    for (String name : WATCHED) if (find(request, name).contains("forged")) forged.add(name);
    if (String.valueOf(request.getRemoteUser()).contains("forged") || request.getRemoteAddr().contains("forged")) forged.add("remote");
    boolean isRead = method.equals("GET") || method.equals("HEAD");
    boolean isProtected = PROTECTED.matcher(path).matches() || (under(path, "/writes") && !isRead && !method.equals("OPTIONS"))
        || (under(path, "/reads") && isRead) || (under(path, "/removals") && method.equals("DELETE"));
    String text = isProtected ? "granted" : "public";
    if (!forged.isEmpty() || (isProtected && !find(request, "x-gatewright-client-id").equals("shop"))) {
      text = System.getenv("VIOLATION") + " ran " + method + " " + path + " " + String.join(",", forged);
      Files.writeString(Path.of(System.getenv("VIOLATIONS")), text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    byte[] body = text.getBytes("UTF-8");
    response.setContentType("text/plain");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
