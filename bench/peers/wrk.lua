-- After `--`: the ready-made form and its type; without them a GET.
function init(args)
  if args[1] then
    local file = assert(io.open(args[1], "rb"))
    wrk.method = "POST"
    wrk.body = file:read("*a")
    wrk.headers["Content-Type"] = args[2]
    file:close()
  end
end
