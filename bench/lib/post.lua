-- The same form on every call: wrk -s post.lua <url> -- <form>
function init(args)
  wrk.method = "POST"
  wrk.body = args[1]
end
